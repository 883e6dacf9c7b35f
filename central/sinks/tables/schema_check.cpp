#include "central/sinks/tables/schema_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <vector>

namespace sinks {

namespace {

/// "dim_node.name" for a column, "dim_node(name)" for a key.
constexpr const char* kFeatures =
    "SELECT t.name || '.' || c.name FROM sqlite_master AS t JOIN pragma_table_info(t.name) AS c"
    " WHERE t.type = 'table' UNION SELECT t.name || '(' ||"
    " (SELECT group_concat(i.name, ', ') FROM pragma_index_info(x.name) AS i) || ')'"
    " FROM sqlite_master AS t JOIN pragma_index_list(t.name) AS x"
    " WHERE t.type = 'table' AND x.\"unique\" = 1";

base::Result<std::set<std::string>> features(sqlite::Database& database) {
    std::set<std::string> found;
    auto query = database.query(kFeatures);
    for (;;) {
        const auto row = query.next();
        if (!row) return row.error();
        if (!row.value()) return found;
        found.insert(query.string(0));
    }
}

}  // namespace

base::Status check_tables(sqlite::Database& database, const std::string& statements) {
    auto opened = sqlite::Database::open({.path = ":memory:"});
    if (!opened) return opened.error();
    auto model = std::move(opened).value();
    if (auto made = model.execute(statements); !made) return made;
    const auto wanted = features(model);
    if (!wanted) return wanted.error();
    const auto found = features(database);
    if (!found) return found.error();
    std::vector<std::string> missing;
    std::set_difference(wanted.value().begin(), wanted.value().end(), found.value().begin(),
                        found.value().end(), std::back_inserter(missing));
    if (missing.empty()) return base::Done{};
    return base::Error{
        base::Fault::misconfigured,
        fmt::format("{}: the database lacks {}{}: another program changed it. Put it aside, or "
                    "restore a copy; central gets what is missing from Redis and the nodes",
                    database.path(), missing.front(),
                    missing.size() == 1 ? "" : fmt::format(" and {} more", missing.size() - 1))};
}

}  // namespace sinks
