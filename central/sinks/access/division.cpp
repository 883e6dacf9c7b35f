#include "central/sinks/access/division.hpp"

#include <fmt/format.h>

namespace sinks {

namespace {

constexpr const char* kTable =
    "SELECT relkind::text FROM pg_class WHERE relname = 'reading_block'"
    " AND relnamespace = to_regnamespace(quote_ident(current_schema()))";
constexpr const char* kHypertable =
    "SELECT count(*) FROM timescaledb_information.hypertables"
    " WHERE hypertable_schema = current_schema() AND hypertable_name = 'reading_block'";
constexpr const char* kInstalled =
    "SELECT count(*) FROM pg_extension WHERE extname = 'timescaledb'";
constexpr const char* kAvailable =
    "SELECT count(*) FROM pg_available_extensions WHERE name = 'timescaledb'";
constexpr const char* kEdition =
    "SELECT extversion, coalesce(current_setting('timescaledb.license', true), '')"
    " FROM pg_extension WHERE extname = 'timescaledb'";

/// Its kind, as pg_class has it; empty when there is none.
base::Result<std::string> kind_of_table(sql::Database& database) {
    auto query = database.query(kTable);
    const auto row = query.next();
    if (!row) return row.error();
    return row.value() ? query.string(0) : std::string{};
}

base::Result<std::string> chunks_text(sql::Database& database) {
    auto query = database.query(kEdition);
    const auto row = query.next();
    if (!row) return row.error();
    if (!row.value()) return std::string{"in chunks"};
    const auto in = fmt::format("in chunks of TimescaleDB {}", query.string(0));
    if (query.string(1) == "apache") {
        return in +
               " of the Apache edition, which has no compression, no policies and no continuous "
               "aggregates; leat needs none of them";
    }
    return in + "; compression is left to the operator";
}

base::Result<std::string> months_text(sql::Database& database) {
    const std::string months = "in monthly partitions";
    const auto installed = database.number(kInstalled);
    if (!installed) return installed.error();
    if (installed.value() > 0) {
        return months + ", as the tables were made before TimescaleDB was there";
    }
    const auto available = database.number(kAvailable);
    if (!available) return available.error();
    if (available.value() == 0) return months;
    return months + "; TimescaleDB is on the server, and not in this database";
}

}  // namespace

base::Result<Division> division_of(sql::Database& database) {
    if (database.dialect() == sql::Dialect::sqlite) return Division::none;
    const auto kind = kind_of_table(database);
    if (!kind) return kind.error();
    if (kind.value() == "p") return Division::months;
    const auto installed = database.number(kInstalled);
    if (!installed) return installed.error();
    const bool has_table = !kind.value().empty();
    if (installed.value() == 0) return has_table ? Division::none : Division::months;
    if (!has_table) return Division::chunks;
    const auto hypertables = database.number(kHypertable);
    if (!hypertables) return hypertables.error();
    return hypertables.value() > 0 ? Division::chunks : Division::none;
}

base::Result<std::string> division_text(sql::Database& database) {
    const auto division = division_of(database);
    if (!division) return division.error();
    switch (division.value()) {
        case Division::months:
            return months_text(database);
        case Division::chunks:
            return chunks_text(database);
        case Division::none:
            break;
    }
    return std::string{"in one table"};
}

}  // namespace sinks
