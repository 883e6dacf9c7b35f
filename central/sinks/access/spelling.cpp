#include "central/sinks/access/spelling.hpp"

#include <fmt/format.h>

#include "postgres/functions.hpp"

namespace sinks {

namespace {

// A row that changes stays on its page when there is room, and no index has to hear of it. Few rows
// change at a time, and each often: their tables are cleaned early. An incarnation that goes is
// looked for in all blocks, as its foreign key demands.
constexpr const char* kStorage = R"(
ALTER TABLE dim_node SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05);
ALTER TABLE dim_series SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05);
ALTER TABLE mark SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05);
ALTER TABLE partition SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05);
ALTER TABLE judging SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05);
ALTER TABLE watch_state SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05);
CREATE INDEX IF NOT EXISTS reading_block_of_incarnation ON reading_block (incarnation_id);
)";

}  // namespace

std::string Spelling::operator()(const std::string& statements) const {
    if (dialect_ == sql::Dialect::sqlite || !is_current_) return statements;
    constexpr std::string_view kDrop = "DROP VIEW IF EXISTS ";
    std::string spelt = statements;
    for (auto at = spelt.find(kDrop); at != std::string::npos; at = spelt.find(kDrop, at)) {
        const auto end = spelt.find(';', at);
        const auto name = spelt.substr(at + kDrop.size(), end - at - kDrop.size());
        const auto create = "CREATE VIEW " + name + " AS";
        const auto made = spelt.find(create);
        if (made == std::string::npos) {
            at = end;
            continue;
        }
        spelt.replace(made, create.size(), "CREATE OR REPLACE VIEW " + name + " AS");
        spelt.erase(at, end + 1 - at);
    }
    return spelt;
}

base::Status make_functions(sql::Database& database) {
    if (database.dialect() == sql::Dialect::sqlite) return base::Done{};
    return database.execute(postgres::kFunctions);
}

std::string made_beside() {
    return std::string{postgres::kFunctions} + kStorage;
}

base::Status set_storage(sql::Database& database) {
    if (database.dialect() == sql::Dialect::sqlite) return base::Done{};
    return database.execute(kStorage);
}

}  // namespace sinks
