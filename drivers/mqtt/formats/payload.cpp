#include "drivers/mqtt/formats/payload.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace drivers::mqtt {

namespace {

// zigbee2mqtt, Tasmota and ESPHome use the first word of each list, Homie the others. A sleeping
// device will be back; one in alert needs a person.
constexpr std::array<std::string_view, 4> kAvailable{"online", "ready", "init", "sleeping"};
constexpr std::array<std::string_view, 4> kUnavailable{"offline", "lost", "disconnected", "alert"};

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::string lower(std::string_view text) {
    std::string result{text};
    std::transform(result.begin(), result.end(), result.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return result;
}

template <std::size_t size>
bool is_among(std::string_view word, const std::array<std::string_view, size>& words) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

std::optional<Value> read_value(std::string_view text) {
    constexpr std::size_t kTextMax = 64;
    const auto written = trimmed(text);
    if (written.empty() || written.size() > kTextMax) return std::nullopt;
    const auto word = lower(written);
    if (word == "on" || word == "true") return Value{.number = 1, .truth = true};
    if (word == "off" || word == "false") return Value{.number = 0, .truth = true};
    Value value;
    const auto* const end = written.data() + written.size();
    const auto read = std::from_chars(written.data(), end, value.number);
    const bool whole = read.ec == std::errc{} && read.ptr == end;
    if (!whole || !std::isfinite(value.number)) return std::nullopt;
    return value;
}

std::optional<Value> read_value(const base::Json& json) {
    if (json.is_number()) return Value{.number = json.number, .truth = false};
    if (json.kind == base::Json::Kind::boolean) {
        return Value{.number = json.boolean ? 1.0 : 0.0, .truth = true};
    }
    return json.is_string() ? read_value(std::string_view{json.string}) : std::nullopt;
}

std::optional<std::string> read_availability(std::string_view payload) {
    auto word = lower(trimmed(payload));
    if (word.starts_with('{')) {
        const auto json = base::parse_json(payload, kPayloadLimits);
        const auto* state = json ? json.value().find("state") : nullptr;
        if (state == nullptr || !state->is_string()) return std::nullopt;
        word = lower(state->string);
    }
    if (!is_among(word, kAvailable) && !is_among(word, kUnavailable)) return std::nullopt;
    return word;
}

bool is_available(std::string_view word) {
    return is_among(word, kAvailable);
}

}  // namespace drivers::mqtt
