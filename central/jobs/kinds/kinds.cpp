#include "central/jobs/kinds/kinds.hpp"

#include <map>
#include <utility>

#include "base/ensure.hpp"
#include "central/jobs/ingest/ingest_csv.hpp"
#include "central/jobs/ingest/ingest_tables.hpp"
#include "central/jobs/kinds/backup.hpp"
#include "central/jobs/kinds/dim_refresh.hpp"
#include "central/jobs/kinds/export_csv.hpp"
#include "central/jobs/kinds/export_sql.hpp"
#include "central/jobs/kinds/recount.hpp"
#include "central/jobs/kinds/vacuum.hpp"

namespace jobs {

namespace {

using Make = std::unique_ptr<Job> (*)(Keys& keys, const Place& place);

const std::map<std::string, Make>& makers() {
    static const std::map<std::string, Make> kMakers{
        {"backup", make_backup},         {"dim-refresh", make_dim_refresh},
        {"export-csv", make_export_csv}, {"export-sql", make_export_sql},
        {"ingest-csv", make_ingest_csv}, {"ingest-tables", make_ingest_tables},
        {"recount", make_recount},       {"vacuum", make_vacuum}};
    return kMakers;
}

}  // namespace

const std::vector<std::string>& kinds() {
    static const auto kKinds = [] {
        std::vector<std::string> all;
        for (const auto& [kind, make] : makers()) all.push_back(kind);
        return all;
    }();
    return kKinds;
}

std::unique_ptr<Job> make_job(const std::string& kind, Keys& keys, const Place& place) {
    const auto known = makers().find(kind);
    ENSURE(known != makers().end());
    return known->second(keys, place);
}

}  // namespace jobs
