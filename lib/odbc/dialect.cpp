#include "odbc/dialect.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/text.hpp"
#include "base/utf8.hpp"

namespace odbc {

namespace {

constexpr Dialect kMySql{Server::mysql};
constexpr Dialect kPostgreSql{Server::postgresql};
constexpr Dialect kSqlServer{Server::sql_server};
constexpr Dialect kSqlite{Server::sqlite};

/// Schema and table of "schema.table"; without a dot no schema.
std::pair<std::optional<std::string>, std::string> parts_of(std::string_view name) {
    const auto dot = name.rfind('.');
    if (dot == std::string_view::npos) return {std::nullopt, std::string{name}};
    return {std::string{name.substr(0, dot)}, std::string{name.substr(dot + 1)}};
}

const char* this_schema(Server server) {
    switch (server) {
        case Server::mysql:
            return "DATABASE()";
        case Server::postgresql:
            return "CURRENT_SCHEMA()";
        case Server::sql_server:
            return "SCHEMA_NAME()";
        case Server::sqlite:
            break;
    }
    return "'main'";
}

}  // namespace

base::Result<const Dialect*> Dialect::find(std::string_view server_name) {
    const auto name = base::lower(server_name);
    const auto is_there = [&](std::string_view word) {
        return name.find(word) != std::string::npos;
    };
    if (is_there("mariadb") || is_there("mysql")) return &kMySql;
    if (is_there("postgresql")) return &kPostgreSql;
    if (is_there("sql server") || is_there("azure sql")) return &kSqlServer;
    if (is_there("sqlite")) return &kSqlite;
    return base::Error{base::Fault::misconfigured,
                       fmt::format("the driver is connected to \"{}\", and leat knows MariaDB, "
                                   "MySQL, PostgreSQL, SQL Server and SQLite",
                                   base::printable(server_name, 60))};
}

std::string Dialect::quoted(std::string_view name) const {
    char open = '"';
    if (server_ == Server::mysql) open = '`';
    if (server_ == Server::sql_server) open = '[';
    const char close = open == '[' ? ']' : open;
    std::string text{open};
    for (const char c : name) {
        if (c == close) text += close;
        text += c;
    }
    return text + close;
}

std::string Dialect::table(std::string_view name) const {
    std::string text;
    for (;;) {
        const auto dot = name.find('.');
        text += quoted(name.substr(0, dot));
        if (dot == std::string_view::npos) return text;
        text += '.';
        name.remove_prefix(dot + 1);
    }
}

std::string Dialect::list(const std::vector<std::string>& names) const {
    std::string text;
    for (const auto& name : names) text += (text.empty() ? "" : ", ") + quoted(name);
    return text;
}

std::string Dialect::exact(std::string_view text) const {
    if (server_ == Server::mysql) {
        return fmt::format("CONCAT(CONVERT({} USING utf8mb4), '|') COLLATE utf8mb4_bin", text);
    }
    if (server_ == Server::sql_server)
        return fmt::format("CONCAT({}, N'|') COLLATE Latin1_General_100_BIN2", text);
    return std::string{text};
}

std::string Dialect::select_first(std::string_view columns, std::string_view from,
                                  std::size_t rows) const {
    if (server_ == Server::sql_server)
        return fmt::format("SELECT TOP {} {} {}", rows, columns, from);
    return fmt::format("SELECT {} {} LIMIT {}", columns, from, rows);
}

Question Dialect::count_tables(std::string_view name) const {
    const auto [schema, table] = parts_of(name);
    if (server_ == Server::sqlite) {
        return {"SELECT COUNT(*) FROM sqlite_master WHERE type IN ('table', 'view') AND name = ?",
                {table}};
    }
    Question question{"SELECT COUNT(*) FROM information_schema.tables WHERE table_name = ?",
                      {table}};
    if (schema) {
        question.sql += " AND table_schema = ?";
        question.values.emplace_back(*schema);
    } else {
        question.sql += std::string{" AND table_schema = "} + this_schema(server_);
    }
    return question;
}

/// MySQL's upsert inserts everything where there is no such key.
std::optional<Question> Dialect::count_keys(const TableShape& table) const {
    if (server_ != Server::mysql) return std::nullopt;
    const auto [schema, name] = parts_of(table.name);
    auto columns = table.key;
    std::sort(columns.begin(), columns.end());
    Question question{
        "SELECT COUNT(*) FROM (SELECT index_name FROM information_schema.statistics WHERE "
        "non_unique = 0 AND table_name = ? AND table_schema = " +
            std::string{schema ? "?" : "DATABASE()"} +
            " GROUP BY index_name HAVING GROUP_CONCAT(column_name ORDER BY column_name) = ?) AS "
            "keys_",
        {name}};
    if (schema) question.values.emplace_back(*schema);
    question.values.emplace_back(fmt::format("{}", fmt::join(columns, ",")));
    return question;
}

std::string Dialect::list_tables() const {
    if (server_ == Server::sqlite) {
        return "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name";
    }
    return fmt::format(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = {} AND table_type = "
        "'BASE TABLE' ORDER BY table_name",
        this_schema(server_));
}

std::vector<std::string> names_of(const TableShape& table) {
    std::vector<std::string> names;
    for (const auto& column : table.columns) names.push_back(column.name);
    return names;
}

}  // namespace odbc
