#include "drivers/tail/options.hpp"

#include <fmt/format.h>

#include "drivers/tables/json_pointer.hpp"

namespace drivers::tail {

namespace {

using std::chrono::hours;

Options::Format read_format(base::Settings& settings) {
    const auto word = settings.choice("format", "csv", {"csv", "json", "logfmt"});
    if (word == "json") return Options::Format::json;
    return word == "logfmt" ? Options::Format::logfmt : Options::Format::csv;
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
    for (const auto& name : tables::wanted_names(options)) {
        if (name.starts_with('/')) keys.push_back(name);
    }
    return keys;
}

Options read_options(base::Settings& settings) {
    const auto format = read_format(settings);
    const auto file = settings.required_text("file");
    Options options{tables::read_table_options(settings, format == Options::Format::csv)};
    options.file = file;
    options.format = format;
    options.from_end = settings.choice("start", "end", {"beginning", "end"}) == "end";
    options.rotate_wait =
        settings.duration("rotate_wait", options.rotate_wait, base::Duration{0}, hours{1});
    check_pointers(settings, options);
    return options;
}

}  // namespace drivers::tail
