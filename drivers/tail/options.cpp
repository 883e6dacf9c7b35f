#include "drivers/tail/options.hpp"

#include <fmt/format.h>

#include "drivers/tables/columns.hpp"
#include "drivers/tables/csv.hpp"
#include "drivers/tables/json_pointer.hpp"

namespace drivers::tail {

namespace {

using std::chrono::hours;

Options::Format read_format(base::Settings& settings) {
    const auto word = settings.choice("format", "csv", {"csv", "json", "logfmt"});
    if (word == "json") return Options::Format::json;
    return word == "logfmt" ? Options::Format::logfmt : Options::Format::csv;
}

/// Without a header columns go by number: a name would never be found.
void check_numbers(base::Settings& settings, const Options& options) {
    const std::vector<std::string> widest(tables::kFieldsMax);
    const auto found = tables::find_columns(
        {.file = options.file, .time = options.time, .values = options.columns}, {}, widest);
    if (!found) settings.refuse("header", "header = false: " + found.error().detail);
}

void read_csv_keys(base::Settings& settings, Options& options) {
    for (const char* key : {"separator", "header"}) {
        if (options.format == Options::Format::csv || !settings.has(key)) continue;
        settings.refuse(key, fmt::format("{}: only format = \"csv\" has it", key));
    }
    options.separator = tables::read_separator(settings);
    options.header = settings.boolean("header", options.header);
}

void check_pointers(base::Settings& settings, const Options& options) {
    for (const auto& key : pointer_keys(options)) {
        const auto pointer = tables::JsonPointer::parse(key);
        if (!pointer) settings.refuse("format", pointer.error().detail);
    }
}

}  // namespace

std::vector<std::string> pointer_keys(const Options& options) {
    std::vector<std::string> keys;
    if (options.format != Options::Format::json) return keys;
    if (options.time.starts_with('/')) keys.push_back(options.time);
    for (const auto& column : options.columns) {
        if (column.column.starts_with('/')) keys.push_back(column.column);
    }
    return keys;
}

Options read_options(base::Settings& settings) {
    Options options;
    options.file = settings.required_text("file");
    options.format = read_format(settings);
    options.from_end = settings.choice("start", "end", {"beginning", "end"}) == "end";
    options.time = settings.text("time_column", {});
    options.time_format = tables::read_time_format(settings);
    options.rotate_wait =
        settings.duration("rotate_wait", options.rotate_wait, base::Duration{0}, hours{1});
    read_csv_keys(settings, options);
    options.columns = tables::read_column_options(settings);
    const bool numbered = options.format == Options::Format::csv && !options.header;
    if (numbered) check_numbers(settings, options);
    check_pointers(settings, options);
    return options;
}

}  // namespace drivers::tail
