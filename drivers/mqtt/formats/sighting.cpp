#include "drivers/mqtt/formats/sighting.hpp"

#include <fmt/format.h>

#include "drivers/core/names.hpp"
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

Sighting sighting(const Letter& letter, const std::string& key,
                  const std::vector<std::string>& identity, const Meaning& meaning,
                  std::optional<double> value) {
    const auto of = identity.empty() ? std::string{} : fmt::format(" {}", fmt::join(identity, " "));
    Sighting result{.origin = origin_of(letter, key) + of + place_end(meaning),
                    .quantity = meaning.quantity};
    if (value) {
        result.value = *value;
    } else {
        const auto shown = key.empty() ? std::string{letter.payload} : key;
        result.trouble = trouble("not a number", letter, shown);
    }
    return result;
}

std::string place_end(const Meaning& meaning) {
    return meaning.named ? " as " + meaning.quantity.kind : std::string{};
}

std::optional<double> fitting(const Meaning& meaning, const std::optional<Value>& value) {
    if (!value) return std::nullopt;
    const bool binary = value->truth || value->number == 0 || value->number == 1;
    const bool fits = is_truth(meaning.quantity) ? binary : !value->truth;
    if (!meaning.named && !fits) return std::nullopt;
    return value->truth ? value->number : meaning.scale.apply(value->number);
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
