#include "central/sinks/access/server_check.hpp"

#include <fmt/format.h>

#include "central/sinks/access/division.hpp"
#include "central/sinks/access/schema_mark.hpp"

namespace sinks {

base::Result<bool> is_durable(sql::Database& database) {
    auto query = database.query("SELECT current_setting('fsync') = 'on'");
    const auto row = query.next();
    if (!row) return row.error();
    return row.value() && query.integer(0) != 0;
}

namespace {

base::Status check_rights(sql::Database& database, bool is_empty) {
    if (is_empty) {
        const auto may = database.number(
            "SELECT CASE WHEN has_schema_privilege(current_schema(), 'CREATE') THEN 1 ELSE 0 END");
        if (!may) return may.error();
        if (may.value() == 1) return base::Done{};
        return refusal(database,
                       "its user may not make tables in the schema: GRANT CREATE ON SCHEMA, or "
                       "make it the owner");
    }
    const auto closed = database.number(
        "SELECT count(*) FROM pg_class WHERE relkind IN ('r', 'p')"
        " AND relnamespace = to_regnamespace(quote_ident(current_schema()))"
        " AND NOT (has_table_privilege(oid, 'INSERT') AND has_table_privilege(oid, 'UPDATE')"
        " AND has_table_privilege(oid, 'DELETE'))");
    if (!closed) return closed.error();
    if (closed.value() > 0) {
        return refusal(database,
                       "its user may not write to the tables: connect as the role that owns them");
    }
    // Only the owner may make and drop parts.
    const auto foreign = database.number(
        "SELECT count(*) FROM pg_class WHERE relname = 'reading_block'"
        " AND relnamespace = to_regnamespace(quote_ident(current_schema()))"
        " AND NOT pg_has_role(relowner, 'MEMBER')");
    if (!foreign) return foreign.error();
    if (foreign.value() == 0) return base::Done{};
    return refusal(database,
                   "its user may write to the tables, but not divide them by months: connect as "
                   "the role that owns them");
}

}  // namespace

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
    if (auto may = check_rights(database, version.value() == 0); !may) return may.error();
    const auto durable = is_durable(database);
    if (!durable) return durable.error();
    if (!durable.value()) {
        return refusal(database,
                       "fsync is off there: a power cut loses what was committed. Set "
                       "fsync = on in postgresql.conf");
    }
    const auto division = division_text(database);
    if (!division) return division.error();
    if (version.value() == 0) {
        return fmt::format("{}: empty; its tables are made at the start, single readings {}",
                           database.path(), division.value());
    }
    const auto nodes = database.number("SELECT count(*) FROM dim_node");
    if (!nodes) return nodes.error();
    return fmt::format("{}: {} node{}, tables of version {}, single readings {}", database.path(),
                       nodes.value(), nodes.value() == 1 ? "" : "s", version.value(),
                       division.value());
}

}  // namespace sinks
