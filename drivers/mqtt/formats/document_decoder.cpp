#include "drivers/mqtt/formats/document_decoder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "drivers/core/identity.hpp"
#include "drivers/core/likely_unit.hpp"
#include "drivers/core/names.hpp"
#include "drivers/mqtt/formats/stated_unit.hpp"

namespace drivers::mqtt {

namespace {

using base::Json;

/// "wind_1" for an element of a list, else the member's name.
PassedOver passed_over(std::string key, const Leaf& leaf) {
    const auto from =
        leaf.path.size() - std::min<std::size_t>(leaf.is_element ? 2 : 1, leaf.path.size());
    const JsonPath last{leaf.path.begin() + static_cast<std::ptrdiff_t>(from), leaf.path.end()};
    const auto name = dotted(last);
    return {.key = std::move(key), .name = safe_name(name), .unit = std::string{likely_unit(name)}};
}

/// What names a device or a unit is no measurement, though it may be a number.
bool is_worth_telling(const Leaf& leaf, const Said& said) {
    if (!said.value || said.value->truth || says_unit(leaf)) return false;
    return leaf.path.empty() || !names_identity(leaf.path.back());
}

}  // namespace

Decoded DocumentDecoder::decode(const Letter& letter) {
    Decoded decoded;
    if (!is_wanted(letter)) return decoded;
    const auto document = read_json(letter, decoded);
    if (!document) return decoded;
    const auto& body = body_of(*document);
    DocumentReading reading{
        .letter = letter, .document = body, .leaves = leaves_of(body), .decoded = decoded};
    if (!is_expected(reading)) return decoded;
    if (!read_source_time(options_, *document, letter, decoded)) return decoded;
    std::vector<JsonPath> holders;
    for (const auto& leaf : reading.leaves) {
        const auto verdict = accept(leaf, reading);
        if (verdict == Verdict::taken) holders.push_back(around(leaf.path));
        if (verdict != Verdict::unknown || !is_worth_telling(leaf, said(leaf))) continue;
        decoded.passed_over.push_back(passed_over(key_of(leaf), leaf));
    }
    finish(reading);
    note_identities(holders, reading);
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

/// A value that lacks one of several members of `by` has a series of its own, unless the member is
/// there and `by` does not reach it. One that lacks them all could be of any device.
std::optional<Device> DocumentDecoder::device_of(const Leaf& leaf, DocumentReading& reading) const {
    auto device = devices_.of(leaf, reading.document);
    if (device.missing.empty()) return device;
    const auto& missing = device.missing.front();
    if (!reading.instead.contains(missing)) {
        reading.instead[missing] = devices_.instead_of(missing, reading.leaves);
    }
    const auto& found = reading.instead[missing];
    const bool is_apart = has_other_names() || (device.is_named && !found.is_same_name);
    if (!is_apart) {
        refuse(missing, found.line, reading);
        return std::nullopt;
    }
    reading.decoded.notes.push_back(
        {.event = fmt::format("no \"{}\" beside a value, so \"none\" is in its series' name",
                              shown(missing)),
         .cure = found.is_same_name ? fmt::format("by = [\"{}\"]", shown(found.line)) : ""});
    return device;
}

Fit DocumentDecoder::fit_in(const Meaning& meaning, const Leaf& leaf) const {
    auto fit = fitting(meaning, said(leaf));
    const bool is_shown = !fit.number && fit.cure.empty() && leaf.value.is_string();
    if (is_shown) fit.cure = fmt::format("it is \"{}\"", shown(leaf.value.string));
    return fit;
}

Fit DocumentDecoder::fit_of(const Leaf& leaf, Meaning meaning, DocumentReading& reading) const {
    const auto& unit = meaning.quantity.unit;
    const auto stated = stated_unit(reading.document, leaf, unit,
                                    [&](const Leaf& member) { return is_ignored(member); });
    const bool says_its_own = !said(leaf).unit.empty();
    if (!stated || says_its_own || is_truth(meaning.quantity)) return fit_in(meaning, leaf);
    const auto verdict = judge(*stated, reading.document, leaf, unit, meaning.scale);
    const auto key = shown(key_of({.path = stated->member, .value = {}}));
    const auto states = fmt::format("{} is \"{}\"", key, shown(stated->text));
    using Kind = UnitVerdict::Kind;
    if (verdict.kind == Kind::contradicts || verdict.kind == Kind::unknown) {
        const bool is_known = verdict.kind == Kind::contradicts;
        return {.number = {},
                .why = is_known ? "the units contradict each other" : "unit not known",
                .cure = fmt::format("{}; ignore = [\"{}\"] if it is not its unit", states, key)};
    }
    if (verdict.kind == Kind::converts && verdict.scale != meaning.scale) {
        meaning.scale = verdict.scale;
        reading.decoded.notes.push_back(
            {.event = fmt::format("{} is converted to {}: {}", shown(key_of(leaf)), unit, states),
             .cure = fmt::format("ignore = [\"{}\"], if it is not its unit", key)});
    }
    return fit_in(meaning, leaf);
}

void DocumentDecoder::refuse(const std::string& missing, const std::string& found,
                             DocumentReading& reading) const {
    if (std::exchange(reading.is_refused, true)) return;
    const auto cure = found.empty() ? std::string{} : fmt::format("by = [\"{}\"]", shown(found));
    auto refused = trouble("which device?", reading.letter);
    refused.reason += fmt::format(": no \"{}\"", shown(missing));
    if (!cure.empty()) refused.reason += fmt::format("; {} may be it", cure);
    reading.decoded.troubles.push_back(std::move(refused));
    reading.decoded.notes.push_back(
        {.event = fmt::format("readings are refused: no \"{}\" says which device they are of",
                              shown(missing)),
         .cure = cure});
}

void DocumentDecoder::note_identities(const std::vector<JsonPath>& holders,
                                      DocumentReading& reading) const {
    std::vector<Leaf> leaves;
    for (const auto& leaf : reading.leaves) {
        if (!is_ignored(leaf)) leaves.push_back(leaf);
    }
    reading.decoded.identities = devices_.unmentioned(leaves, holders);
}

}  // namespace drivers::mqtt
