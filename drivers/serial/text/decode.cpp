#include "drivers/serial/text/decode.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/json.hpp"
#include "base/utf8.hpp"
#include "drivers/core/bare_words.hpp"
#include "drivers/core/names.hpp"
#include "drivers/serial/text/number.hpp"
#include "drivers/serial/text/pairs.hpp"
#include "drivers/serial/text/row.hpp"
#include "drivers/serial/text/subjects.hpp"
#include "drivers/serial/text/tokens.hpp"
#include "drivers/serial/text/vocabulary.hpp"

namespace drivers::serial {

namespace {

using base::Json;
using Value = DecodedLine::Value;

// Quotes round bare words make a line longer.
constexpr base::JsonLimits kLimits{
    .bytes_max = 2 * Lines::kLineBytesMax, .depth_max = 4, .values_max = 256};

// ---- JSON ------------------------------------------------------------------------------------

std::string text_of(const Json& json) {
    if (json.is_string()) return json.string;
    if (json.is_number()) return fmt::format("{}", json.number);
    if (json.kind == Json::Kind::boolean) return json.boolean ? "1" : "0";
    return "null";
}

Value value_of(const std::string& key, const Json& json, char decimal_mark) {
    Value value{.key = key, .text = text_of(json)};
    if (json.is_number()) {
        value.kind = Value::Kind::number;
        value.number = json.number;
    } else if (json.kind == Json::Kind::boolean) {
        value.kind = Value::Kind::number;
        value.number = json.boolean ? 1 : 0;
        value.text = json.boolean ? "true" : "false";
        value.is_truth = true;
    } else if (json.kind == Json::Kind::null) {
        value.kind = Value::Kind::missing;
    } else if (json.is_string()) {
        return read_cell(key, json.string, decimal_mark);
    }
    return value;
}

void read_count(const Json& json, DecodedLine& decoded) {
    if (json.is_count()) {
        decoded.number = json.count();
    } else {
        decoded.refused.emplace_back("n is no whole number");
    }
}

/// Some boards say "error": 0 when there is no error.
void read_fault(const Json& json, DecodedLine& decoded) {
    const auto text = text_of(json);
    if (json.kind == Json::Kind::null || text == "0") return;
    decoded.faults.push_back(text.empty() ? "fault" : text);
}

void read_members(const Json& object, const std::string& prefix, char decimal_mark,
                  DecodedLine& decoded) {
    for (const auto& [key, json] : object.object) {
        const bool is_outer = prefix.empty();
        if (json.is_object()) {
            read_members(json, prefix + key + ".", decimal_mark, decoded);
        } else if (is_outer && key == "n") {
            read_count(json, decoded);
        } else if (is_outer && key == "boot") {
            decoded.boot = text_of(json);
        } else if (is_outer && (key == "fault" || key == "error")) {
            read_fault(json, decoded);
        } else if (json.array.size() == 1 && json.array.front().is_string()) {
            decoded.values.push_back(value_of(prefix + key, json.array.front(), decimal_mark));
        } else if (json.kind == Json::Kind::array) {
            decoded.refused.push_back(fmt::format(
                "\"{}\" is a list, which is no reading; print a key for each number of it",
                drivers::shown(prefix + key)));
        } else {
            decoded.values.push_back(value_of(prefix + key, json, decimal_mark));
        }
    }
}

base::Result<DecodedLine> decode_json(std::string_view line, char decimal_mark) {
    const auto json = base::parse_json(with_quoted_words(line), kLimits);
    if (!json) return json.error();
    DecodedLine decoded{.is_json = true};
    read_members(json.value(), "", decimal_mark, decoded);
    note_neighbours(decoded.values);
    return decoded;
}

// ---- text ------------------------------------------------------------------------------------

/// Noise has the high bit set: that is what a wire carries while a board powers up.
bool begins_with_noise(std::string_view text) {
    return !text.empty() && !base::take_character(text);
}

base::Result<DecodedLine> decode_text(std::string_view line, const LineOptions& options) {
    if (!options.columns.empty()) {
        if (auto row = decode_row(line, options)) return std::move(*row);
    }
    auto decoded = decode_pairs(line, options);
    if (decoded) return decoded;
    const bool is_whole = base::is_utf8(line);
    if (is_whole && tells_failure(line)) return DecodedLine{.faults = {std::string{line}}};
    if (has_number(line) || !is_whole) return decoded.error();
    const bool has_text = std::any_of(line.begin(), line.end(), is_of_text);
    return DecodedLine{.remark = has_text ? std::string{line} : std::string{}};
}

}  // namespace

base::Result<DecodedLine> decode_line(const Line& line, const LineOptions& options) {
    std::string_view text = line.text;
    const bool noisy = begins_with_noise(text);
    if (noisy || line.torn) {
        text.remove_prefix(std::min(text.find('{'), text.size()));
        if (text.empty()) return base::Error{base::Fault::malformed, "not a whole line"};
    }
    skip(text, kBetween);
    if (text.starts_with('{')) return decode_json(text, options.decimal_mark);
    return decode_text(text, options);
}

}  // namespace drivers::serial
