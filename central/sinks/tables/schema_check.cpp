#include "central/sinks/tables/schema_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <vector>

#include "sqlite/database.hpp"

namespace sinks {

namespace {

// "dim_node.name" for a column, "dim_node(name)" for a key.
constexpr const char* kSqlite =
    "SELECT t.name || '.' || c.name FROM sqlite_master AS t JOIN pragma_table_info(t.name) AS c"
    " WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%' UNION SELECT t.name || '(' ||"
    " (SELECT group_concat(i.name, ', ') FROM pragma_index_info(x.name) AS i) || ')'"
    " FROM sqlite_master AS t JOIN pragma_index_list(t.name) AS x"
    " WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%' AND x.\"unique\" = 1";
constexpr const char* kPostgres =
    "SELECT table_name || '.' || column_name FROM information_schema.columns"
    " WHERE table_schema = current_schema() UNION SELECT owner.relname || '(' ||"
    " string_agg(part.attname, ', ' ORDER BY place.number) || ')' FROM pg_index AS key"
    " JOIN pg_class AS owner ON owner.oid = key.indrelid"
    " CROSS JOIN unnest(key.indkey) WITH ORDINALITY AS place (attribute, number)"
    " JOIN pg_attribute AS part ON part.attrelid = owner.oid AND part.attnum = place.attribute"
    " WHERE key.indisunique AND owner.relnamespace = to_regnamespace(quote_ident(current_schema()))"
    " GROUP BY key.indexrelid, owner.relname";

base::Result<std::set<std::string>> features(sql::Database& database) {
    std::set<std::string> found;
    const bool is_sqlite = database.dialect() == sql::Dialect::sqlite;
    auto query = database.query(is_sqlite ? kSqlite : kPostgres);
    for (;;) {
        const auto row = query.next();
        if (!row) return row.error();
        if (!row.value()) return found;
        found.insert(query.string(0));
    }
}

}  // namespace

base::Status check_tables(sql::Database& database, const std::string& statements) {
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
