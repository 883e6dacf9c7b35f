#include "drivers/tail/decode.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/ensure.hpp"
#include "base/json.hpp"
#include "drivers/core/names.hpp"
#include "drivers/tables/cell.hpp"
#include "drivers/tables/csv.hpp"
#include "drivers/tables/json_pointer.hpp"
#include "drivers/tail/logfmt.hpp"

namespace drivers::tail {

namespace {

using base::Json;
using Format = Options::Format;

base::Error malformed(std::string reason) {
    return {base::Fault::malformed, std::move(reason)};
}

/// Without a header, columns go by number, and a row may have more fields than these.
tables::Columns numbered_columns(const Options& options) {
    const std::vector<std::string> widest(tables::kFieldsMax);
    auto found = tables::find_columns(
        {.file = options.file, .time = options.time, .values = options.columns}, {}, widest);
    return found ? std::move(found).value() : tables::Columns{};
}

/// The text of a value where a number or a time is expected.
std::string text_of_value(const Json& json) {
    switch (json.kind) {
        case Json::Kind::null:
            return "null";
        case Json::Kind::boolean:
            return json.boolean ? "true" : "false";
        case Json::Kind::number:
            return fmt::format("{}", json.number);
        case Json::Kind::string:
            return json.string;
        default:
            return "no single value";
    }
}

}  // namespace

struct LineDecoder::Parts {
    std::vector<std::string> fields;
    std::vector<LogfmtPair> pairs;
    Json json;
    std::map<std::string, tables::JsonPointer> pointers;  // For the keys that are pointers.
};

LineDecoder::LineDecoder(const Options& options)
    : options_(options), parts_(std::make_unique<Parts>()) {
    if (options.format == Format::csv && !options.header) columns_ = numbered_columns(options);
    for (const auto& key : pointer_keys(options)) {
        auto pointer = tables::JsonPointer::parse(key);
        if (pointer) parts_->pointers.emplace(key, std::move(pointer).value());
    }
}

LineDecoder::~LineDecoder() = default;

base::Status LineDecoder::decode(std::string_view line, DecodedLine& decoded) {
    decoded.time.reset();
    decoded.values.clear();
    decoded.bad_cells.clear();
    decoded.is_other = false;
    if (auto loaded = load(line); !loaded) return loaded;
    bool any = false;
    for (std::size_t i = 0; i < options_.columns.size(); ++i) {
        const auto field = i < columns_.values.size() ? columns_.values[i] : 0;
        const auto text = text_of(options_.columns[i].column, field);
        any |= text.has_value();
        if (text) add_cell(i, *text, decoded);
    }
    decoded.is_other = !any;
    return decoded.is_other ? base::Status{base::Done{}} : read_time(decoded);
}

base::Status LineDecoder::load(std::string_view line) {
    if (options_.format == Format::logfmt) return read_logfmt(line, parts_->pairs);
    if (options_.format == Format::json) {
        auto json = base::parse_json(line);
        if (!json) return malformed(fmt::format("{}: {}", json.error().detail, shown(line)));
        parts_->json = std::move(json).value();
        if (parts_->json.is_object()) return base::Done{};
        return malformed("no object of JSON: " + shown(line));
    }
    auto& fields = parts_->fields;
    if (!tables::split_row(line, options_.separator, fields)) {
        return malformed(fmt::format("a quote is not closed as it should be: {}", shown(line)));
    }
    if (options_.header && fields.size() != columns_.fields) {
        return malformed(fmt::format("{} fields instead of {}: {}", fields.size(), columns_.fields,
                                     shown(line)));
    }
    const auto& values = columns_.values;
    ENSURE(!values.empty());
    const auto last =
        std::max(*std::max_element(values.begin(), values.end()), columns_.time.value_or(0));
    if (last < fields.size()) return base::Done{};
    return malformed(fmt::format("{} fields, and column {} is wanted: {}", fields.size(), last + 1,
                                 shown(line)));
}

std::optional<std::string> LineDecoder::text_of(const std::string& key, std::size_t field) const {
    if (options_.format == Format::csv) return parts_->fields[field];
    if (options_.format == Format::json) return text_in_json(key);
    // The last one counts, as when a line is read into a map.
    const auto& pairs = parts_->pairs;
    const auto found = std::find_if(pairs.rbegin(), pairs.rend(),
                                    [&](const LogfmtPair& pair) { return pair.key == key; });
    if (found == pairs.rend()) return std::nullopt;
    return found->value;
}

std::optional<std::string> LineDecoder::text_in_json(const std::string& key) const {
    const auto pointer = parts_->pointers.find(key);
    if (pointer == parts_->pointers.end()) {
        const auto* member = parts_->json.find(key);
        return member == nullptr ? std::nullopt : std::optional{text_of_value(*member)};
    }
    const auto value = pointer->second.find(parts_->json);
    return value ? std::optional{text_of_value(*value)} : std::nullopt;
}

void LineDecoder::add_cell(std::size_t quantity, const std::string& text,
                           DecodedLine& decoded) const {
    const auto cell = text == "true" ? tables::Cell{.kind = tables::Cell::Kind::number, .number = 1}
                      : text == "false"
                          ? tables::Cell{.kind = tables::Cell::Kind::number, .number = 0}
                          : tables::read_cell(text);
    if (cell.kind == tables::Cell::Kind::number) {
        decoded.values.push_back({.quantity = quantity, .value = cell.number});
    }
    if (cell.kind != tables::Cell::Kind::bad) return;
    decoded.bad_cells.push_back(fmt::format("{}: no number: \"{}\"",
                                            shown(options_.columns[quantity].column), shown(text)));
}

base::Status LineDecoder::read_time(DecodedLine& decoded) const {
    if (options_.time.empty()) return base::Done{};
    const auto text = text_of(options_.time, columns_.time.value_or(0));
    if (!text) return malformed(fmt::format("no time: there is no \"{}\"", shown(options_.time)));
    decoded.time = options_.time_format.read(*text);
    if (decoded.time) return base::Done{};
    return malformed(fmt::format("no time: \"{}\"", shown(*text)));
}

}  // namespace drivers::tail
