#include "central/jobs/sql/query_table.hpp"

#include <fmt/format.h>

#include <utility>
#include <vector>

#include "central/text/rfc3339.hpp"
#include "odbc/transaction.hpp"

namespace jobs {

namespace {

constexpr std::size_t kRowsAtOnce = 200;
constexpr std::size_t kUnitsMax = 1'000;

std::string in_quotes(const std::string& text) {
    std::string quoted{'"'};
    for (const char c : text) {
        if (c == '"') quoted += c;
        quoted += c;
    }
    return quoted + '"';
}

std::string field_of(const odbc::Value& value) {
    if (const auto* const time = std::get_if<odbc::Time>(&value)) {
        return text::rfc3339(std::chrono::floor<base::Duration>(*time));
    }
    const auto* const text = std::get_if<std::string>(&value);
    return text != nullptr ? in_quotes(*text) : std::string{};
}

base::Error too_much(const std::string& limit) {
    return {base::Fault::exhausted, "query: it yields more than " + limit};
}

}  // namespace

base::Result<std::string> query_table(odbc::Connection& connection, const std::string& query,
                                      const TableLimits& limits) {
    const odbc::Transaction transaction{connection};  // Never committed: nothing may change there.
    if (!transaction.begun()) return transaction.begun().error();
    auto prepared = connection.prepare(query);
    if (!prepared) return prepared.error();
    auto statement = std::move(prepared).value();
    statement.limit_rows(limits.rows_max + 1);
    if (auto run = statement.run(); !run) return run.error();
    const auto yielded = statement.columns();
    if (!yielded) return yielded.error();
    if (yielded.value().empty()) {
        return base::Error{base::Fault::misconfigured, "query: it is no SELECT: it yields nothing"};
    }
    std::string table;
    std::vector<odbc::Column> columns;
    for (const auto& column : yielded.value()) {
        table += (columns.empty() ? "" : ",") + in_quotes(column.name);
        const auto type = column.type == odbc::Type::time ? odbc::Type::time : odbc::Type::text;
        columns.push_back({.type = type, .units_max = kUnitsMax});
    }
    table += '\n';
    odbc::Block rows{std::move(columns), kRowsAtOnce};
    std::size_t count = 0;
    for (;;) {
        const auto fetched = statement.fetch(rows);
        if (!fetched) return fetched.error();
        if (!fetched.value()) return table;
        count += rows.rows();
        if (count > limits.rows_max) return too_much(fmt::format("{} rows", limits.rows_max));
        for (std::size_t row = 0; row < rows.rows(); ++row) {
            for (std::size_t i = 0; i < rows.columns(); ++i) {
                table += (i == 0 ? "" : ",") + field_of(rows.value(row, i));
            }
            table += '\n';
            if (table.size() > limits.bytes_max) {
                return too_much(fmt::format("{} bytes", limits.bytes_max));
            }
        }
    }
}

}  // namespace jobs
