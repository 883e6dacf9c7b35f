#include "drivers/mqtt/formats/devices.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "drivers/core/identity.hpp"
#include "drivers/core/names.hpp"

namespace drivers::mqtt {

namespace {

using base::Json;

/// What is inside says by which radio or gateway a message came, not whose it is.
constexpr std::array<std::string_view, 10> kRadios{"wifi",       "wlan",     "rxinfo",  "txinfo",
                                                   "rxmetadata", "settings", "gateway", "update",
                                                   "radio",      "lora"};

/// Beginnings of names for what many devices have together, or what only passed their messages on.
constexpr std::array<std::string_view, 10> kShared{"tenant",  "application",  "appeui",  "appid",
                                                   "joineui", "user",         "account", "gateway",
                                                   "gw",      "deviceprofile"};

/// What no other device in the world has, and so tells it apart alone.
constexpr std::array<std::string_view, 15> kUnique{
    "deveui",   "eui",          "mac", "macaddress", "addr", "address", "ieeeaddr", "ieeeaddress",
    "deviceid", "serialnumber", "sn",  "serial",     "uuid", "imei",    "devid"};

/// The letters and digits in lower case: "dev_EUI" and "devEui" are one word.
std::string word_of(std::string_view name) {
    std::string word;
    for (const char c : name) {
        if (c >= 'A' && c <= 'Z') {
            word += static_cast<char>(c - 'A' + 'a');
        } else if (c != '_' && c != '-' && c != ' ') {
            word += c;
        }
    }
    return word;
}

template <std::size_t Size>
bool is_among(const std::string& word, const std::array<std::string_view, Size>& words) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

/// A text, number or truth as text; nothing for what has no single value.
std::optional<std::string> text_of(const Json* json) {
    if (json == nullptr) return std::nullopt;
    if (json->is_string() && !json->string.empty()) return json->string;
    if (json->is_number()) return fmt::format("{}", json->number);
    if (json->kind == Json::Kind::boolean) return json->boolean ? "true" : "false";
    return std::nullopt;
}

/// A device that lacks the member must not pass for one that says "none".
std::string part_of(const std::optional<std::string>& identity) {
    if (!identity) return "none";
    return *identity == "none" ? marked_name(*identity, *identity) : distinct_name(*identity);
}

bool starts_with(const JsonPath& path, const JsonPath& start) {
    return start.size() <= path.size() && std::equal(start.begin(), start.end(), path.begin());
}

bool is_around(const JsonPath& outer, const std::vector<JsonPath>& holders) {
    return std::any_of(holders.begin(), holders.end(),
                       [&](const JsonPath& holder) { return starts_with(holder, outer); });
}

bool is_element(const std::string& step) {
    return step.find_first_not_of("0123456789") == std::string::npos;
}

/// Whether an object that holds no values may describe the device: it is no element of a list, and
/// tells nothing of a radio.
bool describes_device(const JsonPath& outer) {
    return std::none_of(outer.begin(), outer.end(), [](const std::string& step) {
        return is_among(word_of(step), kRadios) || is_element(step);
    });
}

bool is_radio(const JsonPath& outer) {
    return !outer.empty() && is_among(word_of(outer.back()), kRadios);
}

/// Whether a member is called like an identity of a device, and not of what many have together.
bool names_device(const std::string& member) {
    const auto word = word_of(member);
    return names_identity(member) && std::none_of(kShared.begin(), kShared.end(), [&](auto start) {
               return word.starts_with(start);
           });
}

}  // namespace

bool is_unique(const std::string& member) {
    return is_among(word_of(member.substr(member.rfind('/') + 1)), kUnique);
}

JsonPath around(const JsonPath& path) {
    return path.empty() ? path : JsonPath{path.begin(), path.end() - 1};
}

Device Devices::of(const Leaf& leaf, const Json& document) const {
    Device device;
    for (const auto& by : options_.by) {
        std::optional<std::string> text;
        if (by.pointer) {
            const auto json = by.pointer->find(document);
            text = text_of(json ? &*json : nullptr);
        } else {
            text = text_of(find_around(document, leaf.path, by.member));
        }
        device.parts.push_back(part_of(text));
        device.exact += text ? fmt::format("{}:{} ", text->size(), base::lower(*text)) : "- ";
        if (text) {
            device.is_named = true;
        } else {
            device.missing.push_back(by.member);
        }
    }
    return device;
}

Devices::Found Devices::instead_of(const std::string& member,
                                   const std::vector<Leaf>& leaves) const {
    const auto wanted = word_of(member.substr(member.rfind('/') + 1));
    Found other;
    for (const auto& leaf : leaves) {
        if (leaf.path.empty() || !text_of(&leaf.value)) continue;
        const auto outer = around(leaf.path);
        if (!describes_device(outer)) continue;
        const auto line = outer.empty() ? leaf.path.back() : pointed(leaf.path);
        if (word_of(leaf.path.back()) == wanted) return {.line = line, .is_same_name = true};
        const bool is_mentioned = options_.parts_by(leaf.path.back(), pointed(leaf.path));
        if (is_mentioned || !names_device(leaf.path.back())) continue;
        const bool is_better = is_unique(line) && !is_unique(other.line);
        if (other.line.empty() || is_better) other.line = line;
    }
    return other;
}

std::vector<Identity> Devices::unmentioned(const std::vector<Leaf>& leaves,
                                           const std::vector<JsonPath>& holders) const {
    std::vector<Identity> result;
    if (holders.empty()) return result;
    for (const auto& leaf : leaves) {
        if (leaf.path.empty() || !names_device(leaf.path.back())) continue;
        if (options_.parts_by(leaf.path.back(), pointed(leaf.path))) continue;
        const auto text = text_of(&leaf.value);
        const auto outer = around(leaf.path);
        const bool holds = is_around(outer, holders);
        if (!text || is_radio(outer) || !(holds || describes_device(outer))) continue;
        result.push_back({.place = dotted(leaf.path),
                          .line = holds ? leaf.path.back() : pointed(leaf.path),
                          .text = *text});
    }
    return result;
}

}  // namespace drivers::mqtt
