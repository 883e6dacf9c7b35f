#include <algorithm>

#include "central/sinks/access/marks.hpp"
#include "central/sinks/access/schema_mark.hpp"
#include "postgres/functions.hpp"

namespace sinks {

namespace {

/// In a schema that has no table yet, leat may make its own.
base::Result<bool> has_ours(sql::Database& database) {
    const auto tables = database.tables();
    if (!tables) return tables.error();
    const auto& all = tables.value();
    if (all.empty()) return false;
    if (std::find(all.begin(), all.end(), "dim_node") != all.end()) return true;
    return refusal(database,
                   "the schema has tables of another program; give leat a database or a schema of "
                   "its own (options=-csearch_path=leat)");
}

}  // namespace

base::Result<std::int64_t> postgres_version(sql::Database& database) {
    const auto schema = database.number("SELECT count(current_schema())");
    if (!schema) return schema.error();
    if (schema.value() == 0) {
        return refusal(database,
                       "there is no schema in its search_path that its user may use: CREATE "
                       "SCHEMA, or GRANT USAGE ON it, and name it in search_path");
    }
    const auto ours = has_ours(database);
    if (!ours) return ours.error();
    if (!ours.value()) return std::int64_t{0};
    return database.number("SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'schema_version'");
}

/// The functions are made with the tables: those that are not there make the tables fail.
base::Result<std::int64_t> begin_postgres(sql::Database& database) {
    const auto tables = database.tables();
    if (!tables) return tables.error();
    return static_cast<std::int64_t>(tables.value().size());
}

base::Status mark_postgres(sql::Database& database) {
    auto query = database.query(
        "INSERT INTO meta (name, value) VALUES ('schema_version', ?)"
        " ON CONFLICT (name) DO UPDATE SET value = excluded.value");
    const auto version = std::to_string(kSchemaVersion);
    return query.bind(version).run();
}

}  // namespace sinks
