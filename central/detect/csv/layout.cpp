#include "central/detect/csv/layout.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <optional>

#include "base/text.hpp"
#include "drivers/tables/cell.hpp"
#include "drivers/tables/csv.hpp"
#include "drivers/tables/rows/row_names.hpp"

namespace detect::csv {

namespace {

using drivers::tables::TimeFormat;
using Fields = std::vector<std::string>;

constexpr std::array<const char*, 8> kTimeNames{"timestamp", "time", "datetime", "date_time",
                                                "date",      "ts",   "t",        "when"};

/// Formats in which no day can be taken for a month.
constexpr std::array<const char*, 8> kFormats{
    "rfc3339",           "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M",
    "%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%Y-%m-%d",          "%d.%m.%Y"};

base::Error misconfigured(std::string detail) {
    return {base::Fault::misconfigured, std::move(detail)};
}

std::optional<double> number_of(std::string_view text) {
    const auto cell = drivers::tables::read_cell(text, {});
    if (cell.kind != drivers::tables::Cell::Kind::number) return std::nullopt;
    return cell.number;
}

/// Numbers since 1970 tell their unit by their size: all are of the years 1973 to 5138.
std::string format_of_number(double number) {
    if (number < 1e8) return {};
    if (number < 1e11) return "unix";
    if (number < 1e14) return "unix_ms";
    return number < 1e17 ? "unix_us" : "unix_ns";
}

/// The format in which the text is surely a time; empty when it is none, or may be several.
std::string format_of(std::string_view text) {
    if (const auto number = number_of(text)) return format_of_number(*number);
    for (const std::string format : kFormats) {
        if (TimeFormat::parse(format).value().read(text)) return format;
    }
    return {};
}

std::string list_of(const Fields& names) {
    return fmt::format("{}", fmt::join(names, ", "));
}

base::Result<std::size_t> column_of(const Fields& names, const std::string& name,
                                    const char* option) {
    const auto found = std::find(names.begin(), names.end(), name);
    if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
    return misconfigured(fmt::format("--{} {}: there is no such column; there are: {}", option,
                                     name, list_of(names)));
}

base::Result<std::size_t> find_time(const JudgeOptions& options, const Fields& names,
                                    const Fields& row) {
    if (!options.time.empty()) return column_of(names, options.time, "time");
    for (const std::string_view wanted : kTimeNames) {
        for (std::size_t i = 0; i < names.size(); ++i) {
            if (base::lower(names[i]) == wanted) return i;
        }
    }
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (!format_of(row[i]).empty()) return i;
    }
    return misconfigured("no column has times; name it with --time: " + list_of(names));
}

base::Result<std::size_t> find_value(const JudgeOptions& options, const Fields& names,
                                     const Fields& row, std::size_t time) {
    if (!options.value.empty()) return column_of(names, options.value, "value");
    std::vector<std::size_t> numbers;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (i == time || names[i].empty()) continue;
        if (base::lower(names[i]) == "value") return i;
        if (number_of(row[i])) numbers.push_back(i);
    }
    if (numbers.size() == 1) return numbers.front();
    return misconfigured(fmt::format("{}; name one with --value: {}",
                                     numbers.empty() ? "no column has a number in its first row"
                                                     : "more than one column has numbers",
                                     list_of(names)));
}

base::Status find_format(const JudgeOptions& options, std::string_view text, Layout& layout) {
    layout.time_format = options.time_format.empty() ? format_of(text) : options.time_format;
    if (layout.time_format.empty()) {
        return misconfigured(
            fmt::format("\"{}\" may be read in more than one way, or is no time; say how with "
                        "--time-format, like \"%d/%m/%Y %H:%M\" or \"unix\"",
                        text));
    }
    const auto parsed = TimeFormat::parse(layout.time_format);
    if (!parsed) return misconfigured("--time-format: " + parsed.error().detail);
    layout.times = parsed.value();
    return base::Done{};
}

}  // namespace

char separator_of(std::string_view header) {
    char best = ',';
    for (const char candidate : {';', '\t'}) {
        const auto count = [&](char c) { return std::count(header.begin(), header.end(), c); };
        if (count(candidate) > count(best)) best = candidate;
    }
    return best;
}

base::Result<Layout> find_layout(const JudgeOptions& options, std::string_view header,
                                 const std::vector<std::string>& first_rows) {
    Layout layout{.separator = separator_of(header)};
    Fields names;
    if (!drivers::tables::split_row(header, layout.separator, names)) {
        return base::Error{base::Fault::malformed, "the header's quotes do not end"};
    }
    std::vector<drivers::tables::FirstRow> rows;
    for (const auto& text : first_rows) {
        auto& row = rows.emplace_back();
        row.is_quoted = text.starts_with('"');
        drivers::tables::split_row(text, layout.separator, row.fields);
    }
    for (auto& name : names) name = std::string{base::trimmed(name)};
    if (drivers::tables::have_row_names({}, names, rows)) names.insert(names.begin(), "");
    const auto& row = rows.front().fields;
    if (row.size() != names.size()) {
        return base::Error{
            base::Fault::malformed,
            fmt::format("the header has {} columns, the first row {}", names.size(), row.size())};
    }
    layout.fields = names.size();
    const auto time = find_time(options, names, row);
    if (!time) return time.error();
    const auto value = find_value(options, names, row, time.value());
    if (!value) return value.error();
    layout.time = time.value();
    layout.value = value.value();
    if (auto found = find_format(options, row[layout.time], layout); !found) return found.error();
    layout.time_name = names[layout.time];
    layout.value_name = names[layout.value];
    return layout;
}

}  // namespace detect::csv
