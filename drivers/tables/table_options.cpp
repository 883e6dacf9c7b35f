#include "drivers/tables/table_options.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "drivers/tables/columns.hpp"
#include "drivers/tables/csv.hpp"

namespace drivers::tables {

namespace {

constexpr std::size_t kCommentMax = 8;
constexpr std::size_t kTimesMax = 4;
constexpr std::size_t kByMax = 4;

TimeFormat read_time_format(base::Settings& settings) {
    auto format = TimeFormat::parse(settings.text("time_format", "rfc3339"));
    if (format) return std::move(format).value();
    settings.refuse("time_format", "time_format: " + format.error().detail);
    return TimeFormat::parse("rfc3339").value();
}

TimeZone read_time_zone(base::Settings& settings) {
    auto zone = TimeZone::find(settings.text("time_zone", "UTC"));
    if (zone) return std::move(zone).value();
    settings.refuse("time_zone", "time_zone: " + zone.error().detail);
    return {};
}

char read_separator(base::Settings& settings) {
    const auto text = settings.text("separator", ",");
    if (text.size() == 1 && text != "\"" && text != "\n" && text != "\r") return text.front();
    settings.refuse("separator", "separator must be one character, and no quote or newline");
    return ',';
}

std::vector<std::string> read_names(base::Settings& settings, const std::string& key,
                                    std::size_t most) {
    auto names = settings.words(key);
    if (names.size() > most) {
        settings.refuse(key, fmt::format("{}: at most {}", key, most));
        names.resize(most);
    }
    std::erase(names, "");
    return names;
}

void read_csv_keys(base::Settings& settings, bool is_csv, TableOptions& options) {
    for (const char* key : {"separator", "header", "comment", "decimal"}) {
        if (is_csv || !settings.has(key)) continue;
        settings.refuse(key, fmt::format("{}: only format = \"csv\" has it", key));
    }
    options.separator = read_separator(settings);
    options.header = settings.boolean("header", options.header);
    options.comment = settings.text("comment", options.comment);
    options.decimal_comma = settings.choice("decimal", ".", {".", ","}) == ",";
    if (options.comment.size() <= kCommentMax) return;
    settings.refuse("comment", fmt::format("comment: at most {} characters", kCommentMax));
}

struct Foreign {
    const char* key;
    const char* advice;
};

/// What these keys are called in pandas, R, Telegraf and Excel.
constexpr Foreign kForeign[] = {
    {"delimiter", "write separator = \";\""},
    {"sep", "write separator = \";\""},
    {"delim", "write separator = \";\""},
    {"quotechar", "fields may be in double quotes"},
    {"skip_rows", "lines before the header are passed over without being told"},
    {"skiprows", "lines before the header are passed over without being told"},
    {"skip", "lines before the header are passed over without being told"},
    {"header_row", "the header is found by itself; write header = false if there is none"},
    {"header_row_count", "the header is found by itself; write header = false if there is none"},
    {"na_values", "write missing = [\"-999\"]"},
    {"na", "write missing = [\"-999\"]"},
    {"null_values", "write missing = [\"-999\"]"},
    {"dec", "write decimal = \",\""},
    {"decimal_separator", "write decimal = \",\""},
    {"decimal_comma", "write decimal = \",\""},
    {"thousands", "groups of thousands are not understood"},
    {"parse_dates", "write time_column = \"…\""},
    {"date_column", "write time_column = \"…\""},
    {"timestamp_column", "write time_column = \"…\""},
    {"date_format", "write time_format = \"%Y-%m-%d %H:%M:%S\""},
    {"timestamp_format", "write time_format = \"%Y-%m-%d %H:%M:%S\""},
    {"timezone", "write time_zone = \"Europe/Berlin\""},
    {"tz", "write time_zone = \"Europe/Berlin\""},
    {"path", "write file = \"…\""},
    {"filename", "write file = \"…\""},
    {"encoding", "UTF-8 and Latin-1 are read; convert any other with iconv"},
    {"usecols", "only the columns in [sensor.columns] are read"},
    {"group_by", "write by = [\"…\"]"},
};

/// Without a header columns go by number: a name would never be found.
void check_numbers(base::Settings& settings, const TableOptions& options) {
    const auto found = find_columns(options, {}, false);
    if (!found) settings.refuse("header", "header = false: " + found.error().detail);
}

}  // namespace

std::vector<std::string> wanted_names(const TableOptions& options) {
    auto names = options.times;
    names.insert(names.end(), options.by.begin(), options.by.end());
    for (const auto& column : options.columns) names.push_back(column.column);
    return names;
}

TableOptions read_table_options(base::Settings& settings, bool is_csv) {
    for (const auto& [key, advice] : kForeign) settings.advise(key, advice);
    TableOptions options;
    options.times = read_names(settings, "time_column", kTimesMax);
    options.time_format = read_time_format(settings);
    options.time_zone = read_time_zone(settings);
    options.has_time_zone = settings.has("time_zone");
    read_csv_keys(settings, is_csv, options);
    options.missing = settings.words("missing");
    options.by = read_names(settings, "by", kByMax);
    options.ignored = settings.texts("ignore");
    options.columns = read_column_options(settings);
    if (is_csv && !options.header) check_numbers(settings, options);
    // With a header, a row whose decimal commas are not quoted has too many fields.
    if (is_csv && options.decimal_comma && options.separator == ',' && !options.header) {
        settings.refuse("decimal",
                        "decimal = \",\" needs a header or a separator that is no comma, as \";\" "
                        "is: without both 21,5 could be two numbers");
    }
    return options;
}

}  // namespace drivers::tables
