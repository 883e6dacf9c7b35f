#include "central/jobs/sql/sql_target.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "odbc/transaction.hpp"

namespace jobs {

namespace {

using base::Error;
using base::Fault;

Error wrong(std::string detail) {
    return {Fault::misconfigured, std::move(detail)};
}

const char* word_of(odbc::Type type) {
    switch (type) {
        case odbc::Type::integer:
            return "a whole number of 64 bits";
        case odbc::Type::number:
            return "a double";
        case odbc::Type::time:
            return "a time, to the millisecond at least";
        case odbc::Type::text:
            break;
    }
    return "text";
}

/// Whether what is written into the column can be read again as it was, as far as the driver tells.
bool holds(const odbc::ColumnInfo& column, odbc::Type type) {
    constexpr int kMillisecond = 3;
    if (column.type != type) return false;
    if (type == odbc::Type::time) return column.digits.value_or(kMillisecond) >= kMillisecond;
    return type == odbc::Type::text || column.is_wide;
}

/// What keeps us from writing into a table that has these columns.
std::string trouble_of(const std::vector<odbc::ColumnInfo>& there, const odbc::TableShape& table) {
    for (const auto& column : table.columns) {
        const auto found = std::find_if(there.begin(), there.end(),
                                        [&](const auto& info) { return info.name == column.name; });
        if (found == there.end()) return fmt::format("it has no column \"{}\"", column.name);
        if (!holds(*found, column.column.type)) {
            return fmt::format("its column \"{}\" must be {}", column.name,
                               word_of(column.column.type));
        }
    }
    return {};
}

}  // namespace

base::Result<std::optional<std::string>> check_table(odbc::Connection& connection,
                                                     const odbc::TableShape& table) {
    const auto& dialect = connection.dialect();
    const auto is_there = connection.has_table(table.name);
    if (!is_there) return is_there.error();
    if (!is_there.value()) return std::optional{dialect.create(table)};
    auto prepared =
        connection.prepare("SELECT * FROM " + dialect.table(table.name) + " WHERE 1 = 0");
    if (!prepared) return prepared.error();
    auto statement = std::move(prepared).value();
    if (auto run = statement.run(); !run) return run.error();
    const auto columns = statement.columns();
    if (!columns) return columns.error();
    auto trouble = trouble_of(columns.value(), table);
    if (const auto keys = dialect.count_keys(table); trouble.empty() && keys) {
        const auto found = connection.integer(*keys);
        if (!found) return found.error();
        if (found.value().value_or(0) == 0) {
            trouble = "it has no unique key of exactly " + dialect.list(table.key);
        }
    }
    if (trouble.empty()) return std::optional<std::string>{};
    return wrong(
        fmt::format("table {} is not as leat writes it: {}. Name another one, or make it "
                    "with: {}",
                    table.name, trouble, dialect.create(table)));
}

base::Result<bool> prepare_table(odbc::Connection& connection, const odbc::TableShape& table,
                                 bool may_create, bool is_dry) {
    const auto missing = check_table(connection, table);
    if (!missing) return missing.error();
    if (!missing.value()) return true;
    if (!may_create) {
        return wrong(
            fmt::format("there is no table {} at {}. Write create = true, or make it with: "
                        "{}",
                        table.name, connection.server(), *missing.value()));
    }
    if (is_dry) return false;
    if (auto made = connection.execute(*missing.value()); !made) return made.error();
    return true;
}

SqlTarget::SqlTarget(odbc::Connection& connection, Layout layout, std::size_t batch)
    : connection_(connection), layout_(std::move(layout)), batch_(batch) {}

std::string SqlTarget::where(const Scope& scope) const {
    const auto& dialect = connection_.dialect();
    auto text = "FROM " + dialect.table(layout_.table.name) + " WHERE ";
    for (std::size_t i = 0; i < scope.size(); ++i) {
        text += (i == 0 ? "" : " AND ") + dialect.quoted(scope[i].first) + " = ?";
    }
    return text;
}

base::Result<odbc::Value> SqlTarget::key_of(base::EventTime time) const {
    auto value = value_of(layout_.form, time);
    if (value) return *std::move(value);
    return Error{Fault::malformed, "a time before the year 1000 or after 9999"};
}

base::Result<std::optional<base::EventTime>> SqlTarget::newest(const Scope& scope) {
    odbc::Question question{
        "SELECT MAX(" + connection_.dialect().quoted(layout_.time) + ") " + where(scope), {}};
    for (const auto& [column, value] : scope) question.values.push_back(value);
    const auto cell = connection_.cell(question, column_of(layout_.form));
    if (!cell) return cell.error();
    return time_of(cell.value());
}

base::Result<SqlTarget::Marks> SqlTarget::marks(const Scope& scope, base::EventTime from,
                                                base::EventTime to, std::size_t rows_max) {
    const auto& dialect = connection_.dialect();
    const auto time = dialect.quoted(layout_.time);
    const auto nth = layout_.nth ? dialect.quoted(*layout_.nth) : std::string{"0"};
    auto prepared = connection_.prepare(dialect.select_first(
        fmt::format("{}, {}, {}", time, nth, dialect.quoted("mark")),
        fmt::format("{} AND {} >= ? AND {} <= ? ORDER BY {}{}", where(scope), time, time, time,
                    layout_.nth ? ", " + nth : std::string{}),
        rows_max));
    if (!prepared) return prepared.error();
    auto statement = std::move(prepared).value();
    std::vector<odbc::Value> values;
    for (const auto& [column, value] : scope) values.push_back(value);
    for (const auto at : {from, to}) {
        auto key = key_of(at);
        if (!key) return key.error();
        values.push_back(std::move(key).value());
    }
    if (auto run = statement.run(values); !run) return run.error();
    constexpr std::size_t kRowsAtOnce = 1'000;
    odbc::Block rows{
        {column_of(layout_.form), {.type = odbc::Type::integer}, {.type = odbc::Type::integer}},
        kRowsAtOnce};
    Marks marks;
    for (;;) {
        const auto fetched = statement.fetch(rows);
        if (!fetched) return fetched.error();
        if (!fetched.value()) return marks;
        for (std::size_t i = 0; i < rows.rows(); ++i) {
            const auto at = time_of(rows.value(i, 0));
            if (at && !rows.is_null(i, 2)) marks[{*at, rows.integer(i, 1)}] = rows.integer(i, 2);
        }
    }
}

base::Status SqlTarget::write(std::span<const OutRow> rows, Progress& progress) {
    if (!upsert_) {
        auto prepared = connection_.prepare(connection_.dialect().upsert(layout_.table));
        if (!prepared) return prepared.error();
        upsert_.emplace(std::move(prepared).value());
    }
    std::vector<odbc::Column> columns;
    for (const auto& column : layout_.table.columns) columns.push_back(column.column);
    odbc::Block block{std::move(columns), batch_};
    for (const auto& row : rows) {
        if (auto added = block.add(row.values); !added) return added;
    }
    odbc::Transaction transaction{connection_};
    if (!transaction.begun()) return transaction.begun();
    if (auto run = upsert_->run(block); !run) return run;
    if (auto may = progress.may_write(); !may) return may;
    return transaction.commit();
}

}  // namespace jobs
