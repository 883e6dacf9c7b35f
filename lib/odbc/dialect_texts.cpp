// How tables are made and rows are written: where servers differ most.
#include <fmt/format.h>

#include <algorithm>

#include "odbc/dialect.hpp"

namespace odbc {

namespace {

std::string marks(std::size_t columns) {
    std::string text;
    for (std::size_t i = 0; i < columns; ++i) text += i == 0 ? "?" : ", ?";
    return text;
}

/// Names differ by case, so their columns must compare byte by byte.
std::string text_type(Server server, std::size_t units) {
    switch (server) {
        case Server::mysql:
            return fmt::format("VARCHAR({}) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin", units);
        case Server::postgresql:
            return fmt::format("VARCHAR({}) COLLATE \"C\"", units);
        case Server::sql_server:
            return units > 4'000
                       ? "NVARCHAR(MAX)"
                       : fmt::format("NVARCHAR({}) COLLATE Latin1_General_100_BIN2", units);
        case Server::sqlite:
            break;
    }
    return "TEXT";
}

std::string number_type(Server server) {
    if (server == Server::mysql) return "DOUBLE";
    if (server == Server::sql_server) return "FLOAT(53)";
    return server == Server::sqlite ? "REAL" : "DOUBLE PRECISION";
}

/// All without a zone: what is written is UTC.
std::string time_type(Server server) {
    if (server == Server::mysql) return "DATETIME(6)";
    if (server == Server::sql_server) return "DATETIME2(6)";
    return server == Server::sqlite ? "TIMESTAMP" : "TIMESTAMP(6)";
}

bool is_key(const TableShape& table, const std::string& name) {
    return std::find(table.key.begin(), table.key.end(), name) != table.key.end();
}

}  // namespace

std::string Dialect::type_of(const Column& column) const {
    switch (column.type) {
        case Type::integer:
            return "BIGINT";
        case Type::number:
            return number_type(server_);
        case Type::time:
            return time_type(server_);
        case Type::text:
            break;
    }
    return text_type(server_, column.units_max);
}

std::string Dialect::utc_now() const {
    switch (server_) {
        case Server::mysql:
            return "UTC_TIMESTAMP(6)";
        case Server::postgresql:
            return "CLOCK_TIMESTAMP() AT TIME ZONE 'UTC'";
        case Server::sql_server:
            return "SYSUTCDATETIME()";
        case Server::sqlite:
            break;
    }
    return "STRFTIME('%Y-%m-%d %H:%M:%f', 'now')";
}

std::optional<std::string> Dialect::set_utc() const {
    if (server_ == Server::mysql) return "SET SESSION time_zone = '+00:00'";
    if (server_ == Server::postgresql) return "SET TIME ZONE 'UTC'";
    return std::nullopt;
}

std::string Dialect::create(const TableShape& table) const {
    auto text = "CREATE TABLE " + this->table(table.name) + " (";
    for (const auto& [name, column, may_be_null] : table.columns) {
        text +=
            fmt::format("{} {}{}, ", quoted(name), type_of(column), may_be_null ? "" : " NOT NULL");
    }
    return text + "PRIMARY KEY (" + list(table.key) + "))";
}

std::string Dialect::insert(const TableShape& table) const {
    return fmt::format("INSERT INTO {} ({}) VALUES ({})", this->table(table.name),
                       list(names_of(table)), marks(table.columns.size()));
}

/// `a = before a after, …` of all columns that are not in the key.
std::string Dialect::assignments(const TableShape& table, std::string_view before,
                                 std::string_view after) const {
    std::string text;
    for (const auto& column : table.columns) {
        if (is_key(table, column.name)) continue;
        const auto name = quoted(column.name);
        text += fmt::format("{}{} = {}{}{}", text.empty() ? "" : ", ", name, before, name, after);
    }
    return text;
}

std::string Dialect::upsert(const TableShape& table) const {
    switch (server_) {
        case Server::mysql:
            return insert(table) + " ON DUPLICATE KEY UPDATE " + assignments(table, "VALUES(", ")");
        case Server::postgresql:
        case Server::sqlite:
            return fmt::format("{} ON CONFLICT ({}) DO UPDATE SET {}", insert(table),
                               list(table.key), assignments(table, "excluded.", ""));
        case Server::sql_server:
            break;
    }
    return merge(table);
}

/// HOLDLOCK: otherwise two that merge at once can both insert.
std::string Dialect::merge(const TableShape& table) const {
    const auto names = names_of(table);
    std::string on;
    for (const auto& name : table.key) {
        on += fmt::format("{}target.{} = source.{}", on.empty() ? "" : " AND ", quoted(name),
                          quoted(name));
    }
    std::string values;
    for (const auto& name : names)
        values += (values.empty() ? "source." : ", source.") + quoted(name);
    return fmt::format(
        "MERGE INTO {} WITH (HOLDLOCK) AS target USING (VALUES ({})) AS source ({}) ON {} "
        "WHEN MATCHED THEN UPDATE SET {} WHEN NOT MATCHED THEN INSERT ({}) VALUES ({});",
        this->table(table.name), marks(names.size()), list(names), on,
        assignments(table, "source.", ""), list(names), values);
}

}  // namespace odbc
