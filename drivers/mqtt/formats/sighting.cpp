#include "drivers/mqtt/formats/sighting.hpp"

#include <fmt/format.h>

#include "drivers/core/names.hpp"
#include "drivers/mqtt/formats/payload.hpp"

namespace drivers::mqtt {

std::string trouble(std::string_view why, const Letter& letter, std::string_view where) {
    const auto place = where.empty() ? std::string{} : " " + shown(where);
    return fmt::format("{}: {}{}", why, shown(join_levels(letter.topic)), place);
}

std::string origin_of(const Letter& letter, std::string_view key) {
    const auto topic = join_levels(letter.topic);
    return key.empty() ? topic : fmt::format("{} {}", topic, key);
}

std::optional<double> fitting(const Meaning& meaning, const std::optional<Value>& value) {
    if (!value) return std::nullopt;
    const bool binary = value->truth || value->number == 0 || value->number == 1;
    const bool fits = is_truth(meaning.quantity) ? binary : !value->truth;
    return meaning.named || fits ? std::optional{value->number} : std::nullopt;
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
            .named = true};
}

std::optional<base::Json> read_json(const Letter& letter, Decoded& decoded) {
    auto document = base::parse_json(letter.payload, kPayloadLimits);
    if (document) return std::move(document).value();
    decoded.troubles.push_back(trouble(document.error().detail, letter));
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
