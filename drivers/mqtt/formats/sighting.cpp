#include "drivers/mqtt/formats/sighting.hpp"

#include <fmt/format.h>

#include "drivers/core/names.hpp"
#include "drivers/core/plausible.hpp"
#include "drivers/mqtt/formats/payload.hpp"

namespace drivers::mqtt {

Trouble trouble(std::string_view why, const Letter& letter, std::string_view where) {
    const auto place = where.empty() ? std::string{} : " " + shown(where);
    return {.reason = fmt::format("{}: {}{}", why, shown(join_levels(letter.topic)), place),
            .cause = std::string{why}};
}

std::string origin_of(const Letter& letter, std::string_view key) {
    const auto topic = join_levels(letter.topic);
    return key.empty() ? topic : fmt::format("{} {}", topic, key);
}

Sighting sighting(const Letter& letter, const std::string& key, const Device& device,
                  const Meaning& meaning, const Fit& fit) {
    const auto& parts = device.parts;
    const auto of = parts.empty() ? std::string{} : fmt::format(" {}", fmt::join(parts, " "));
    Sighting result{.origin = origin_of(letter, key) + of + place_end(meaning),
                    .quantity = meaning.quantity};
    result.device = device.exact;
    if (fit.number) {
        result.value = *fit.number;
    } else {
        const auto shown = key.empty() ? std::string{letter.payload} : key;
        result.trouble = trouble(fit.why, letter, shown);
        if (!fit.cure.empty()) result.trouble->reason += fmt::format("; {}", fit.cure);
    }
    return result;
}

std::string place_end(const Meaning& meaning) {
    return meaning.named ? " as " + meaning.quantity.kind : std::string{};
}

namespace {

/// From the unit behind the number, which the operator's must not contradict.
std::optional<Scale> scale_of(const Meaning& meaning, const Said& said) {
    if (said.unit.empty()) return meaning.scale;
    const auto scale = conversion(said.unit, meaning.quantity.unit);
    const bool fits = meaning.scale == Scale{} || scale == meaning.scale;
    return fits ? scale : std::nullopt;
}

}  // namespace

Fit fitting(const Meaning& meaning, const Said& said) {
    if (!said.value) return {.number = {}, .why = said.why, .cure = std::string{said.cure}};
    const auto [number, truth] = *said.value;
    const bool binary = truth || number == 0 || number == 1;
    const bool is_free = meaning.named && meaning.quantity.unit == "/";
    if (is_truth(meaning.quantity) && !binary && !is_free) {
        return {.number = {}, .why = "neither 0 nor 1"};
    }
    if (truth && !is_truth(meaning.quantity) && !is_free) {
        return {.number = {}, .why = "on or off, not a number"};
    }
    if (truth) return {.number = number};
    const auto scale = scale_of(meaning, said);
    if (!scale) {
        return {.number = {},
                .why = "the units contradict each other",
                .cure = fmt::format("it is in \"{}\"", shown(said.unit))};
    }
    const auto value = scale->apply(number);
    const auto why = why_implausible(value, meaning.quantity.unit);
    if (why.empty()) return {.number = value};
    return {.number = {}, .why = why, .cure = fmt::format("it is {}", value)};
}

Meaning known_meaning(const KnownKey& known) {
    return {.quantity = known_quantity(known), .named = false};
}

Meaning named_meaning(const MappedKey& mapped) {
    return {.quantity = {.name = mapped.quantity,
                         .kind = mapped.quantity,
                         .unit = mapped.unit,
                         .least = {},
                         .most = {},
                         .resolution = {}},
            .named = true,
            .scale = mapped.scale};
}

std::optional<base::Json> read_json(const Letter& letter, Decoded& decoded) {
    auto document = parse_payload(letter.payload);
    if (document) return std::move(document).value();
    decoded.troubles.push_back(trouble(document.error().detail, letter));
    decoded.troubles.back().cause = "not JSON";
    return std::nullopt;
}

bool read_source_time(const Options& options, const base::Json& document, const Letter& letter,
                      Decoded& decoded) {
    if (!options.source_time) return true;
    const auto written = options.source_time->pointer.find(document);
    std::string text;
    if (written && written->is_string()) text = written->string;
    if (written && written->is_number()) {
        text = written->is_count() ? fmt::format("{}", written->count())
                                   : fmt::format("{:.3f}", written->number);
    }
    decoded.source_time = options.source_time->format.read(text);
    if (decoded.source_time) return true;
    decoded.troubles.push_back(trouble(written ? "time not understood" : "no time", letter));
    return false;
}

}  // namespace drivers::mqtt
