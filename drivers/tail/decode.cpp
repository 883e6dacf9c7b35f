#include "drivers/tail/decode.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/json.hpp"
#include "drivers/core/bare_words.hpp"
#include "drivers/core/names.hpp"
#include "drivers/tables/json_pointer.hpp"
#include "drivers/tail/logfmt.hpp"

namespace drivers::tail {

namespace {

using base::Json;
using Format = Options::Format;

bool is_single(const Json& json) {
    return json.kind != Json::Kind::object && json.kind != Json::Kind::array && !json.is_numbers();
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

/// A member's name as a part of a pointer.
std::string escaped(std::string_view name) {
    std::string result;
    for (const char c : name) result += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
    return result;
}

}  // namespace

struct LineDecoder::Parts {
    std::vector<LogfmtPair> pairs;
    Json json;
    bool has_bare_words = false;  // As nan, which is not JSON: they were quoted.
    std::map<std::string, tables::JsonPointer> pointers;  // For the keys that are pointers.
    std::vector<std::string> wanted;
    std::vector<std::optional<std::string>> texts;  // Of the wanted keys.
    tables::Cells cells;
};

LineDecoder::LineDecoder(const Options& options)
    : options_(options),
      table_(options),
      unit_columns_(options),
      decoder_(options),
      unmentioned_(options),
      parts_(std::make_unique<Parts>()) {
    parts_->wanted = tables::wanted_names(options);
    for (const auto& key : pointer_keys(options)) {
        auto pointer = tables::JsonPointer::parse(key);
        if (pointer) parts_->pointers.emplace(key, std::move(pointer).value());
    }
}

LineDecoder::~LineDecoder() = default;

LineDecoder::Outcome LineDecoder::read(std::string_view line, tables::DecodedRow& row) {
    if (options_.format == Format::csv) return table_.read(line, row);
    row.clear();
    if (!load(line, row)) return Outcome::row;
    auto& texts = parts_->texts;
    auto& cells = parts_->cells;
    texts.clear();
    cells.clear();
    for (const auto& key : parts_->wanted) texts.push_back(text_of(key));
    for (auto& text : texts) {
        // A sensor that failed, and not a value that nobody has.
        if (text && parts_->has_bare_words && is_no_number(*text)) *text = "bare " + *text;
        cells.push_back(text ? std::optional<std::string_view>{*text} : std::nullopt);
    }
    read_units();
    decoder_.decode(cells, row);
    if (!row.trouble) observe_others(row.is_other);
    return Outcome::row;
}

bool LineDecoder::load(std::string_view line, tables::DecodedRow& row) {
    if (options_.format == Format::logfmt) {
        const auto read = read_logfmt(line, parts_->pairs);
        if (!read) row.trouble = tables::Trouble{"no logfmt", read.error().detail};
        return !row.trouble;
    }
    auto json = base::parse_json(line);
    parts_->has_bare_words = !json;
    if (!json) json = base::parse_json(with_quoted_words(line));
    if (!json) {
        row.trouble =
            tables::Trouble{"no JSON", fmt::format("{}: {}", json.error().detail, shown(line))};
    } else if (!json.value().is_object()) {
        row.trouble = tables::Trouble{"no JSON", "no object of JSON: " + shown(line)};
    } else {
        parts_->json = std::move(json).value();
    }
    return !row.trouble;
}

std::optional<std::string> LineDecoder::text_of(const std::string& key) const {
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

/// What keys like "unit" and "temp_unit" say, also those in the objects of the line.
void LineDecoder::read_units() {
    unit_columns_.clear();
    for (const auto& [key, value] : parts_->pairs) unit_columns_.observe(key, value);
    for (const auto& [key, value] : parts_->json.object) {
        if (value.is_string()) unit_columns_.observe(key, value.string);
        for (const auto& [inner, deeper] : value.object) {
            if (!deeper.is_string()) continue;
            unit_columns_.observe("/" + escaped(key) + "/" + escaped(inner), deeper.string);
        }
    }
    decoder_.set_units(unit_columns_.units());
}

/// The keys that no rule names: those of the line, and of the objects in it.
void LineDecoder::observe_others(bool is_other_row) {
    const auto observe = [&](const std::string& key, const std::string& text) {
        is_other_row ? unmentioned_.observe_other(key, text) : unmentioned_.observe(key, text);
    };
    for (const auto& [key, value] : parts_->pairs) observe(key, value);
    for (const auto& [key, value] : parts_->json.object) {
        if (is_single(value)) observe(key, text_of_value(value));
        for (const auto& [inner, deeper] : value.object) {
            if (!is_single(deeper)) continue;
            observe("/" + escaped(key) + "/" + escaped(inner), text_of_value(deeper));
        }
    }
}

const std::vector<Quantity>& LineDecoder::quantities() const {
    return options_.format == Format::csv ? table_.quantities() : decoder_.quantities();
}

tables::RowTimes& LineDecoder::times() {
    return options_.format == Format::csv ? table_.times() : decoder_.times();
}

std::vector<std::string> LineDecoder::take_notes() {
    if (options_.format == Format::csv) return table_.take_notes();
    auto notes = decoder_.take_notes();
    for (auto& note : unit_columns_.take_notes()) notes.push_back(std::move(note));
    for (auto& note : unmentioned_.take_notes()) notes.push_back(std::move(note));
    return notes;
}

}  // namespace drivers::tail
