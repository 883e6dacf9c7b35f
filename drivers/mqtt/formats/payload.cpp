#include "drivers/mqtt/formats/payload.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "base/text.hpp"
#include "drivers/core/mended_json.hpp"
#include "drivers/core/units.hpp"

namespace drivers::mqtt {

namespace {

constexpr std::string_view kBlanks = " \t\r\n";

// What zigbee2mqtt, Tasmota, ESPHome, Shelly, Homie, ESPEasy, Z-Wave JS and others send. A sleeping
// device will be back; one in alert needs a person.
constexpr std::array<std::string_view, 14> kThere{
    "online",    "true",  "1",     "on",     "yes",   "up",       "connected",
    "available", "alive", "awake", "asleep", "ready", "sleeping", "init"};
constexpr std::array<std::string_view, 6> kGone{"offline", "false", "0", "off", "no", "down"};

/// Words for being gone that say more than "offline".
constexpr std::array<std::string_view, 6> kGoneBecause{
    "lost", "connection lost", "disconnected", "unavailable", "dead", "alert"};

/// The members of an object that hold such a word.
constexpr std::array<std::string_view, 6> kStateMembers{"state",     "online",    "status",
                                                        "connected", "available", "value"};

Said other_sign(bool decimal_comma) {
    if (decimal_comma) {
        return {
            .value = {}, .why = "a decimal point", .cure = "without decimal = \",\" it is read"};
    }
    return {.value = {}, .why = "a decimal comma", .cure = "decimal = \",\" reads it"};
}

/// The mathematical minus as a hyphen, and no plus: as std::from_chars reads a number.
std::string with_plain_sign(std::string_view number) {
    constexpr std::string_view kMinus = "\xe2\x88\x92";  // U+2212
    if (number.starts_with(kMinus)) return "-" + std::string{number.substr(kMinus.size())};
    const bool has_plus = number.size() > 1 && number.front() == '+' && number[1] != '-';
    return std::string{number.substr(has_plus ? 1 : 0)};
}

std::string_view without_quotes(std::string_view text) {
    const bool is_quoted = text.size() > 1 && text.front() == '"' && text.back() == '"';
    return is_quoted ? base::trimmed(text.substr(1, text.size() - 2), kBlanks) : text;
}

/// Where the unit behind a number begins; the size of the text when no known one does.
std::size_t unit_at(std::string_view text) {
    const auto last = text.find_last_of("0123456789.,");
    for (auto end = text.find_first_of("0123456789"); end < text.size(); ++end) {
        const bool is_of_number =
            std::string_view{"0123456789.,"}.find(text[end]) != std::string_view::npos;
        if (is_of_number) continue;
        if (is_unit(text.substr(end))) return end;
        if (end > last) break;  // "1e3 m" goes on behind the letter.
    }
    return text.size();
}

bool is_decimal_sign(char c) {
    return c == '.' || c == ',';
}

/// A text, truth or whole number as a word in lower case; empty for all else.
std::string word_of(const base::Json& json) {
    if (json.is_string()) return base::lower(base::trimmed(json.string, kBlanks));
    if (json.kind == base::Json::Kind::boolean) return json.boolean ? "true" : "false";
    if (json.is_count() && json.count() < 2) return json.count() == 1 ? "1" : "0";
    return {};
}

template <std::size_t size>
bool is_among(std::string_view word, const std::array<std::string_view, size>& words) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

std::optional<Availability> availability_of(const std::string& word,
                                            const AvailabilityWords& words) {
    if (words.there && word == base::lower(*words.there)) return Availability{true, "online"};
    if (words.gone && word == base::lower(*words.gone)) return Availability{false, "offline"};
    if (is_among(word, kThere)) return Availability{true, "online"};
    if (is_among(word, kGone)) return Availability{false, "offline"};
    if (is_among(word, kGoneBecause)) return Availability{false, word};
    return std::nullopt;
}

}  // namespace

std::optional<Value> read_value(std::string_view text) {
    constexpr std::size_t kTextMax = 64;
    const auto written = base::trimmed(text, kBlanks);
    if (written.empty() || written.size() > kTextMax) return std::nullopt;
    const auto word = base::lower(written);
    if (word == "on" || word == "true") return Value{.number = 1, .truth = true};
    if (word == "off" || word == "false") return Value{.number = 0, .truth = true};
    Value value;
    const auto number = with_plain_sign(written);
    const auto* const end = number.data() + number.size();
    const auto read = std::from_chars(number.data(), end, value.number);
    const bool whole = read.ec == std::errc{} && read.ptr == end;
    if (!whole || !std::isfinite(value.number)) return std::nullopt;
    return value;
}

Said read_said(std::string_view text, bool decimal_comma) {
    const auto whole = without_quotes(base::trimmed(text, kBlanks));
    const auto end = unit_at(whole);
    std::string written{base::trimmed(whole.substr(0, end), kBlanks)};
    const auto sign = std::find_if(written.begin(), written.end(), is_decimal_sign);
    const bool has_sign = sign != written.end();
    const bool is_other = has_sign && (*sign == ',') != decimal_comma;
    if (has_sign && *sign == ',') *sign = '.';
    const auto value = read_value(written);
    if (has_sign && value && is_other) return other_sign(decimal_comma);
    Said said{.value = value};
    if (value) said.unit = base::trimmed(whole.substr(end), kBlanks);
    return said;
}

Said read_said(const base::Json& json, bool decimal_comma) {
    if (json.is_number()) return {.value = Value{.number = json.number, .truth = false}};
    if (json.kind == base::Json::Kind::boolean) {
        return {.value = Value{.number = json.boolean ? 1.0 : 0.0, .truth = true}};
    }
    return json.is_string() ? read_said(std::string_view{json.string}, decimal_comma) : Said{};
}

base::Result<base::Json> parse_payload(std::string_view payload) {
    // Some devices send the zero byte at the end of their text, too.
    while (payload.ends_with('\0')) payload.remove_suffix(1);
    auto strict = base::parse_json(payload, kPayloadLimits);
    if (strict || payload.size() > kPayloadLimits.bytes_max) return strict;
    constexpr base::JsonLimits kQuoted{.bytes_max = 2 * kPayloadBytesMax,
                                       .depth_max = kPayloadLimits.depth_max,
                                       .values_max = kPayloadLimits.values_max};
    auto mended = base::parse_json(mended_json(payload), kQuoted);
    return mended ? mended : strict;
}

std::optional<Availability> read_availability(std::string_view payload,
                                              const AvailabilityWords& words) {
    const auto text = base::lower(base::trimmed(payload, kBlanks));
    if (const auto known = availability_of(text, words); known || !text.starts_with('{')) {
        return known;
    }
    const auto json = base::parse_json(payload, kPayloadLimits);
    if (!json) return std::nullopt;
    for (const auto member : kStateMembers) {
        const auto* state = json.value().find(member);
        if (state != nullptr) return availability_of(word_of(*state), words);
    }
    return std::nullopt;
}

}  // namespace drivers::mqtt
