#include "central/imports/tables/row_query.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <tuple>
#include <unordered_map>

#include "base/text.hpp"
#include "drivers/core/names.hpp"
#include "drivers/tables/cell.hpp"

namespace imports::tables {

namespace {

constexpr std::size_t kRowsAtOnce = 1'000;
constexpr std::size_t kTextUnitsMax = 255;

std::vector<std::string> columns_of(const Source& source) {
    std::vector<std::string> names{source.time_column, source.tag_column};
    if (!source.integrity_column.empty()) names.push_back(source.integrity_column);
    names.insert(names.end(), source.value_columns.begin(), source.value_columns.end());
    return names;
}

odbc::Column column_of(odbc::Type type) {
    return {.type = type, .units_max = kTextUnitsMax};
}

/// A text that is too long for a number is none.
odbc::Column value_column(const odbc::ColumnInfo& info) {
    auto column = column_of(info.is_unsigned ? odbc::Type::text : info.type);
    column.may_be_cut = column.type == odbc::Type::text;
    return column;
}

/// The text of a cell by which something is known; empty for NULL.
std::string tag_text(const odbc::Value& cell) {
    if (const auto* const whole = std::get_if<std::int64_t>(&cell)) return fmt::to_string(*whole);
    const auto* const text = std::get_if<std::string>(&cell);
    return text != nullptr ? *text : std::string{};
}

/// Whole numbers and text are; a number that is not whole is none of a tag.
odbc::Column key_column(const odbc::ColumnInfo& info) {
    const bool is_whole = info.type == odbc::Type::integer && !info.is_unsigned;
    return column_of(is_whole ? odbc::Type::integer : odbc::Type::text);
}

/// Beyond 2^53 not every whole number is a double.
bool fits(std::int64_t whole, double number) {
    constexpr double kMost = 9'223'372'036'854'775'807.0;
    return number < kMost && static_cast<std::int64_t>(number) == whole;
}

void set_whole(std::int64_t whole, Row& row) {
    row.value = static_cast<double>(whole);
    if (fits(whole, row.value)) return;
    row.kind = RowKind::no_number;
    row.what = fmt::format("{}: more digits than a number has here", whole);
}

/// Whether the digits before the point are those of the number, as they are of every whole number
/// below 2^53. With an exponent nobody expects that.
bool holds(double number, std::string_view text) {
    constexpr double kEveryWhole = 9'007'199'254'740'992.0;
    const auto end = text.find_first_not_of("+-0123456789");
    const bool is_plain = end == std::string_view::npos || text[end] == '.';
    if (!is_plain || std::abs(number) < kEveryWhole || !std::isfinite(number)) return true;
    auto digits = text.substr(0, end);
    digits.remove_prefix(std::min(digits.find_first_not_of("+-0"), digits.size()));
    return fmt::format("{:.0f}", std::abs(number)) == digits;
}

void set_text(const std::string& written, Row& row) {
    const auto text = base::trimmed(written);
    const auto number = base::parse_number<double>(text);
    row.value = number.value_or(0);
    if (number && holds(*number, text)) return;
    row.kind = RowKind::no_number;
    row.what = number ? fmt::format("{}: more digits than a number has here", drivers::shown(text))
                      : fmt::format("\"{}\"", drivers::shown(text));
}

/// Its end is not there.
void set_long(const std::string& beginning, Row& row) {
    row.kind = RowKind::no_number;
    row.what = fmt::format("\"{}\"", drivers::shown(beginning));
}

void set_value(const odbc::Value& cell, Row& row) {
    if (const auto* const number = std::get_if<double>(&cell)) {
        row.value = *number;
    } else if (const auto* const whole = std::get_if<std::int64_t>(&cell)) {
        set_whole(*whole, row);
    } else {
        const auto* const text = std::get_if<std::string>(&cell);
        set_text(text != nullptr ? *text : "a time", row);
    }
}

bool is_good(const Source& source, const std::string& integrity) {
    if (!source.good.empty()) {
        return std::find(source.good.begin(), source.good.end(), integrity) != source.good.end();
    }
    return base::parse_number<double>(integrity).value_or(0) != 0;
}

/// Reads the rows of a block.
class RowDecoder {
  public:
    RowDecoder(const Source& source, const Partition& partition)
        : source_(source), partition_(partition) {
        for (const auto& [id, tag] : partition.tags) tags_.emplace(id, tag);
    }

    /// Nothing for one of another tag: a server may not tell letters apart by their case.
    std::optional<Row> decode(const odbc::Block& block, std::size_t at) const {
        const auto tag = tags_.find(tag_text(block.value(at, 1)));
        if (tag == tags_.end()) return std::nullopt;
        Row row{.tag = tag->second};
        if (const auto time = source_.time.read(block.value(at, 0))) {
            row.time = *time;
            decode_content(block, at, row);
        } else {
            row.kind = RowKind::unreadable;
            row.time.written = partition_.range.begin;
        }
        row.mark = mark_of(row);
        return row;
    }

  private:
    void decode_content(const odbc::Block& block, std::size_t at, Row& row) const {
        std::size_t column = 2;
        if (!row.time.at) {
            row.kind = RowKind::no_time;
            row.what = fmt::format("{:%F %T}: {}",
                                   std::chrono::floor<std::chrono::seconds>(row.time.written),
                                   row.time.trouble);
            return;
        }
        if (!source_.integrity_column.empty()) {
            auto integrity = tag_text(block.value(at, column++));
            if (!is_good(source_, integrity)) {
                row.kind = RowKind::set_aside;
                row.what = integrity.empty() ? "NULL" : std::move(integrity);
                return;
            }
        }
        for (; column < block.columns(); ++column) {
            if (block.is_null(at, column)) continue;
            if (block.is_cut(at, column)) return set_long(block.text(at, column), row);
            return set_value(block.value(at, column), row);
        }
        row.kind = RowKind::nothing;
    }

    const Source& source_;
    const Partition& partition_;
    std::unordered_map<std::string, std::uint32_t> tags_;
};

base::Error no_column(const Source& source, const std::string& table, const base::Error& error) {
    return {error.fault, fmt::format("{}: cannot read the columns {}: {}", table,
                                     fmt::join(columns_of(source), ", "), error.detail)};
}

base::Status check_time(const Source& source, const std::string& table,
                        const odbc::ColumnInfo& column, const odbc::Value& cell) {
    if (source.time.is_datetime() != (column.type == odbc::Type::time)) {
        return base::Error{base::Fault::misconfigured,
                           fmt::format("{}: its column {} is {}, and time_format is \"{}\"", table,
                                       source.time_column,
                                       column.type == odbc::Type::time
                                           ? "the server's own type of a time (\"datetime\")"
                                           : "none of a time",
                                       source.time.format())};
    }
    if (column.has_zone && !source.time.is_utc()) {
        return base::Error{
            base::Fault::misconfigured,
            fmt::format("{}: the times of its column {} are instants already: leave time_zone out",
                        table, source.time_column)};
    }
    const auto meant = source.time.meant_by(cell);
    if (meant.empty()) return base::Done{};
    return base::Error{base::Fault::misconfigured,
                       fmt::format("{}: its times are no \"{}\"; is it time_format = \"{}\"?",
                                   table, source.time.format(), meant)};
}

odbc::Block block_of(const Source& source, const RowLayout& layout, std::size_t rows) {
    std::vector<odbc::Column> columns{layout.time, layout.tag};
    if (!source.integrity_column.empty()) columns.push_back(layout.integrity);
    columns.insert(columns.end(), layout.values.begin(), layout.values.end());
    return {std::move(columns), rows};
}

RowLayout layout_of(const Source& source, const std::vector<odbc::ColumnInfo>& columns) {
    RowLayout layout{.time = column_of(columns[0].type), .tag = key_column(columns[1])};
    std::size_t next = 2;
    if (!source.integrity_column.empty()) layout.integrity = key_column(columns[next++]);
    for (; next < columns.size(); ++next) layout.values.push_back(value_column(columns[next]));
    return layout;
}

/// A number stands in the statement itself, as not every driver sends a text where one is expected.
std::string condition_of(const Source& source, const odbc::Dialect& dialect,
                         const Partition& partition, std::vector<odbc::Value>& values) {
    std::vector<std::string> marks;
    for (const auto& tag : partition.tags) {
        const bool is_number = partition.layout.tag.type == odbc::Type::integer;
        marks.push_back(is_number ? tag.id : "?");
        if (!is_number) values.emplace_back(tag.id);
    }
    return fmt::format(" AND {} IN ({})", dialect.quoted(source.tag_column),
                       fmt::join(marks, ", "));
}

}  // namespace

std::uint32_t mark_of(const Row& row) {
    auto bits = std::bit_cast<std::uint64_t>(row.value) ^ static_cast<std::uint64_t>(row.kind);
    for (const char c : row.what) {
        bits = (bits ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    }
    bits = (bits ^ (bits >> 30U)) * 0xbf58476d1ce4e5b9;  // As splitmix64 ends.
    bits = (bits ^ (bits >> 27U)) * 0x94d049bb133111eb;
    return static_cast<std::uint32_t>((bits ^ (bits >> 31U)) >> (64U - kMarkBits));
}

std::string rows_of(const odbc::Dialect& dialect, const Source& source, const std::string& table,
                    const TimeRange& range) {
    const auto time = dialect.quoted(source.time_column);
    return fmt::format(" FROM {0} WHERE {1} >= {2} AND {1} < {3}", dialect.quoted(table), time,
                       source.time.literal(range.begin), source.time.literal(range.end));
}

base::Result<RowLayout> layout_of(odbc::Connection& connection, const Source& source,
                                  const std::string& table) {
    const auto& dialect = connection.dialect();
    auto prepared = connection.prepare(
        dialect.select_first(dialect.list(columns_of(source)), "FROM " + dialect.quoted(table), 1));
    if (!prepared) return no_column(source, table, prepared.error());
    auto select = std::move(prepared).value();
    if (auto run = select.run(); !run) return no_column(source, table, run.error());
    const auto columns = select.columns();
    if (!columns) return columns.error();
    const auto layout = layout_of(source, columns.value());
    auto rows = block_of(source, layout, 1);
    const auto fetched = select.fetch(rows);
    if (!fetched) return no_column(source, table, fetched.error());
    const auto cell = fetched.value() ? rows.value(0, 0) : odbc::Value{};
    if (auto good = check_time(source, table, columns.value()[0], cell); !good) {
        return good.error();
    }
    return layout;
}

base::Result<std::map<std::string, std::uint64_t>> count_by_tag(odbc::Connection& connection,
                                                                const Source& source,
                                                                const std::string& table,
                                                                const RowLayout& layout,
                                                                const TimeRange& range) {
    const auto& dialect = connection.dialect();
    const auto tag = dialect.quoted(source.tag_column);
    const auto group = layout.tag.type == odbc::Type::text ? dialect.exact(tag) : tag;
    // Of the texts in a group each is the least.
    const auto told = group == tag ? tag : fmt::format("MIN({})", tag);
    auto prepared = connection.prepare(fmt::format("SELECT {}, COUNT(*){} GROUP BY {}", told,
                                                   rows_of(dialect, source, table, range), group));
    if (!prepared) return prepared.error();
    auto select = std::move(prepared).value();
    if (auto run = select.run(); !run) return run.error();
    odbc::Block rows{{layout.tag, {odbc::Type::integer}}, kRowsAtOnce};
    std::map<std::string, std::uint64_t> counts;
    for (;;) {
        const auto fetched = select.fetch(rows);
        if (!fetched) return fetched.error();
        if (!fetched.value()) return counts;
        for (std::size_t i = 0; i < rows.rows(); ++i) {
            counts[tag_text(rows.value(i, 0))] += static_cast<std::uint64_t>(rows.integer(i, 1));
        }
    }
}

base::Result<std::vector<Row>> read_rows(odbc::Connection& connection, const Source& source,
                                         const Partition& partition) {
    const auto& dialect = connection.dialect();
    std::vector<odbc::Value> values;
    const auto condition = condition_of(source, dialect, partition, values);
    auto prepared =
        connection.prepare("SELECT " + dialect.list(columns_of(source)) +
                           rows_of(dialect, source, partition.table, partition.range) + condition);
    if (!prepared) return prepared.error();
    auto select = std::move(prepared).value();
    if (auto run = select.run(values); !run) return run.error();
    auto block = block_of(source, partition.layout, kRowsAtOnce);
    const RowDecoder decoder{source, partition};
    std::vector<Row> rows;
    for (;;) {
        const auto fetched = select.fetch(block);
        if (!fetched) return fetched.error();
        if (!fetched.value()) break;
        for (std::size_t i = 0; i < block.rows(); ++i) {
            if (auto row = decoder.decode(block, i)) rows.push_back(std::move(*row));
        }
    }
    std::sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) {
        return std::tie(a.time.written, a.tag, a.mark) < std::tie(b.time.written, b.tag, b.mark);
    });
    return rows;
}

}  // namespace imports::tables
