#include "central/sinks/access/server_check.hpp"

#include <fmt/format.h>

#include "central/sinks/access/schema_mark.hpp"

namespace sinks {

base::Result<bool> is_durable(sql::Database& database) {
    auto query = database.query("SELECT current_setting('fsync') = 'on'");
    const auto row = query.next();
    if (!row) return row.error();
    return row.value() && query.integer(0) != 0;
}

base::Result<std::string> state_of(const Address& address) {
    const auto opened = open_database(address, false);
    if (!opened) return opened.error();
    auto& database = *opened.value();
    const auto version = schema_version(database);
    if (!version) return version.error();
    if (version.value() > kSchemaVersion) {
        return refusal(database, fmt::format("the tables have version {}, this leat knows up to {}",
                                             version.value(), kSchemaVersion));
    }
    const auto durable = is_durable(database);
    if (!durable) return durable.error();
    if (!durable.value()) {
        return refusal(database,
                       "fsync is off there: a power cut loses what was committed. Set "
                       "fsync = on in postgresql.conf");
    }
    if (version.value() == 0) {
        const auto may = database.number(
            "SELECT CAST(has_schema_privilege(current_schema(), 'CREATE') AS INTEGER)");
        if (!may) return may.error();
        if (may.value() == 0) {
            return refusal(database,
                           "its user may not make tables in the schema: GRANT CREATE ON SCHEMA, or "
                           "make it the owner");
        }
        return fmt::format("{}: empty; its tables are made at the start", database.path());
    }
    const auto nodes = database.number("SELECT count(*) FROM dim_node");
    if (!nodes) return nodes.error();
    return fmt::format("{}: {} node{}, tables of version {}", database.path(), nodes.value(),
                       nodes.value() == 1 ? "" : "s", version.value());
}

}  // namespace sinks
