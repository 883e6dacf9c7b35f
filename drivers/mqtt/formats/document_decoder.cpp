#include "drivers/mqtt/formats/document_decoder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "drivers/core/names.hpp"

namespace drivers::mqtt {

namespace {

using base::Json;

/// What devices call the member that says which of them it is, without "_" and in lower case.
constexpr std::array<std::string_view, 21> kIdentities{
    "id",      "model",   "channel",   "device", "deviceid", "devid",    "deveui",
    "devaddr", "addr",    "address",   "mac",    "sensor",   "sensorid", "node",
    "nodeid",  "station", "stationid", "serial", "uuid",     "ieeeaddr", "serialnumber"};

bool is_identity(const std::string& member) {
    std::string word;
    for (const char c : member) {
        if (c >= 'A' && c <= 'Z') {
            word += static_cast<char>(c - 'A' + 'a');
        } else if (c != '_' && c != '-') {
            word += c;
        }
    }
    return std::find(kIdentities.begin(), kIdentities.end(), word) != kIdentities.end();
}

/// A text, number or truth as text; nothing for what has no single value.
std::optional<std::string> text_of(const Json* json) {
    if (json == nullptr) return std::nullopt;
    if (json->is_string()) return json->string;
    if (json->is_number()) return fmt::format("{}", json->number);
    if (json->kind == Json::Kind::boolean) return json->boolean ? "true" : "false";
    return std::nullopt;
}

/// A device that lacks the member must not pass for one that says "none".
std::string part_of(const std::optional<std::string>& identity) {
    if (!identity) return "none";
    return *identity == "none" ? marked_name(*identity, *identity) : distinct_name(*identity);
}

bool is_number(const Json& json) {
    const auto value = read_value(json);
    return value && !value->truth;
}

/// "wind_1" for an element of a list, else the member's name.
PassedOver passed_over(std::string key, const Leaf& leaf) {
    const auto from =
        leaf.path.size() - std::min<std::size_t>(leaf.is_element ? 2 : 1, leaf.path.size());
    const JsonPath last{leaf.path.begin() + static_cast<std::ptrdiff_t>(from), leaf.path.end()};
    const auto name = safe_name(dotted(last));
    return {.key = std::move(key), .name = name, .unit = std::string{likely_unit(name)}};
}

/// What names a device is no measurement, though it may be a number.
bool is_worth_telling(const Leaf& leaf) {
    return is_number(leaf.value) && (leaf.path.empty() || !is_identity(leaf.path.back()));
}

JsonPath around(const JsonPath& path) {
    return path.empty() ? path : JsonPath{path.begin(), path.end() - 1};
}

bool starts_with(const JsonPath& path, const JsonPath& start) {
    return start.size() <= path.size() && std::equal(start.begin(), start.end(), path.begin());
}

}  // namespace

Decoded DocumentDecoder::decode(const Letter& letter) {
    Decoded decoded;
    if (!is_wanted(letter)) return decoded;
    const auto document = read_json(letter, decoded);
    if (!document) return decoded;
    DocumentReading reading{letter, body_of(*document), decoded};
    if (!is_expected(reading)) return decoded;
    if (!read_source_time(options_, *document, letter, decoded)) return decoded;
    const auto leaves = leaves_of(reading.document);
    std::vector<JsonPath> holders;
    for (const auto& leaf : leaves) {
        const auto verdict = accept(leaf, reading);
        if (verdict == Verdict::taken) holders.push_back(around(leaf.path));
        if (verdict != Verdict::unknown || !is_worth_telling(leaf)) continue;
        decoded.passed_over.push_back(passed_over(key_of(leaf), leaf));
    }
    finish(reading);
    note_identities(leaves, holders, reading);
    return decoded;
}

bool DocumentDecoder::is_ignored(const Leaf& leaf) const {
    Leaf outer;
    for (const auto& step : leaf.path) {
        outer.path.push_back(step);
        if (options_.ignores(key_of(outer))) return true;
    }
    return false;
}

std::vector<std::string> DocumentDecoder::identity_of(const Leaf& leaf,
                                                      const Json& document) const {
    std::vector<std::string> parts;
    for (const auto& by : options_.by) {
        if (by.pointer) {
            const auto json = by.pointer->find(document);
            parts.push_back(part_of(text_of(json ? &*json : nullptr)));
        } else {
            parts.push_back(part_of(text_of(find_around(document, leaf.path, by.member))));
        }
    }
    return parts;
}

/// Those around a value that was taken, and that `by` does not name.
void DocumentDecoder::note_identities(const std::vector<Leaf>& leaves,
                                      const std::vector<JsonPath>& holders,
                                      DocumentReading& reading) const {
    for (const auto& leaf : leaves) {
        if (leaf.path.empty() || !is_identity(leaf.path.back()) || is_ignored(leaf)) continue;
        if (options_.parts_by(leaf.path.back(), pointed(leaf.path))) continue;
        const auto text = text_of(&leaf.value);
        const auto outer = around(leaf.path);
        const bool names_values =
            std::any_of(holders.begin(), holders.end(),
                        [&](const JsonPath& holder) { return starts_with(holder, outer); });
        if (!text || !names_values) continue;
        reading.decoded.identities.push_back(
            {.place = dotted(leaf.path), .member = leaf.path.back(), .text = *text});
    }
}

}  // namespace drivers::mqtt
