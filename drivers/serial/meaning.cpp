#include "drivers/serial/meaning.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "drivers/core/names.hpp"
#include "drivers/serial/label.hpp"

namespace drivers::serial {

namespace {

struct Kind {
    std::string_view unit;
    std::string_view kind;
};

constexpr std::array kKinds{
    Kind{"Cel", "temperature"}, Kind{"%RH", "humidity"}, Kind{"m", "distance"},
    Kind{"Pa", "pressure"},     Kind{"lx", "light"},     Kind{"V", "voltage"},
    Kind{"A", "current"},       Kind{"W", "power"},      Kind{"K", "temperature"},
    Kind{"s", "duration"},      Kind{"Hz", "frequency"}, Kind{"Ohm", "resistance"},
    Kind{"kg", "mass"},         Kind{"m/s", "speed"},    Kind{"m/s2", "acceleration"},
};

// Units of SenML with a prefix, which a mapping may ask for.
constexpr std::array<std::string_view, 12> kKept{"kWh", "Wh",    "km",   "min", "h",   "MHz",
                                                 "kW",  "ug/m3", "km/h", "ppb", "dBm", "/100"};

// They say that there is a sample, not of what.
constexpr std::array<std::string_view, 5> kGeneric{"sample_ok", "ok", "data", "reading", "sample"};

std::string kind_of_unit(std::string_view unit) {
    const auto found = std::find_if(kKinds.begin(), kKinds.end(),
                                    [&](const Kind& known) { return known.unit == unit; });
    return found == kKinds.end() ? std::string{} : std::string{found->kind};
}

Quantity quantity(const std::string& name, const std::string& kind, std::string_view unit) {
    return {.name = name,
            .kind = kind.empty() ? name : kind,
            .unit = std::string{unit},
            .least = std::nullopt,
            .most = std::nullopt,
            .resolution = std::nullopt};
}

Quantity quantity_of(const std::string& name, const QuantityWord& word) {
    auto result = quantity(name, std::string{word.kind}, word.unit);
    result.least = word.least;
    result.most = word.most;
    return result;
}

Understood unclear(Unclear::Cause cause, std::string why) {
    return {.unclear = {.cause = cause, .why = std::move(why)}};
}

Understood contradiction(std::string_view label, std::string_view unit) {
    return unclear(Unclear::Cause::contradiction,
                   fmt::format("\"{}\" does not fit \"{}\"", shown(unit), shown(label)));
}

std::string unknown_key(std::string_view text) {
    return fmt::format(
        "unknown key \"{0}\": name it in [sensor.keys] (\"{0}\" = \"{1}:UNIT\", or \"{1}:/\" "
        "without "
        "a unit) or in ignore",
        shown(text), series_name(text));
}

/// "distance:cm" (or mm, m, in)
std::string mapping_with_unit(std::string_view name, const QuantityWord& word) {
    const auto comma = word.sent.find(", ");
    auto others = word.sent.substr(comma + 2);
    if (others.starts_with("or ")) others.remove_prefix(3);
    return fmt::format("\"{}:{}\" (or {})", name, word.sent.substr(0, comma), others);
}

Understood by_quantity(const Label& label, std::string_view text, std::string_view sent_unit) {
    const auto& word = *label.quantity;
    const auto written = sent_unit.empty() ? std::string_view{label.unit} : sent_unit;
    if (written.empty() && !word.sent.empty()) {
        return unclear(
            Unclear::Cause::unknown,
            fmt::format("\"{0}\" does not say its unit; write it in [sensor.keys]: \"{0}\" "
                        "= {1}",
                        shown(text), mapping_with_unit(label.name(), word)));
    }
    const auto scale = written.empty() ? Scale{} : conversion(written, word.unit);
    if (!scale) return contradiction(text, written);
    if (!sent_unit.empty() && !label.unit.empty() && conversion(label.unit, word.unit) != scale) {
        return contradiction(text, sent_unit);
    }
    return {.meaning = Meaning{.quantity = quantity_of(label.name(), word), .scale = *scale}};
}

/// What a letter means behind most numbers of a board.
std::string_view likely_unit(std::string_view written) {
    if (written == "C") return "degC";
    return written == "F" ? "degF" : "UNIT";
}

Understood by_unit(const Label& label, std::string_view text, std::string_view sent_unit) {
    const auto written = sent_unit.empty() ? std::string_view{label.unit} : sent_unit;
    const auto unit = clear_unit(written);
    if (!unit) {
        return unclear(
            Unclear::Cause::contradiction,
            fmt::format("\"{0}\" behind \"{1}\" may be several units; write which in "
                        "[sensor.keys]: \"{1}\" = \"{2}:{3}\"",
                        shown(written), shown(text), label.name(), likely_unit(written)));
    }
    if (!sent_unit.empty() && !label.unit.empty()) {
        const auto labelled = conversion(label.unit, unit->unit);
        if (!labelled || *labelled != unit->scale) return contradiction(text, sent_unit);
    }
    const auto kind = is_of_colour(label.words) ? std::string{} : kind_of_unit(unit->unit);
    const auto name = label.name().empty() ? kind : label.name();
    if (name.empty()) {
        const bool is_key = sent_unit.empty();
        return is_key ? unclear(Unclear::Cause::unknown, unknown_key(text))
                      : unclear(Unclear::Cause::contradiction,
                                fmt::format("a number in \"{}\" without a label", shown(written)));
    }
    return {.meaning = Meaning{.quantity = quantity(name, kind, unit->unit), .scale = unit->scale}};
}

}  // namespace

Understood meaning_of_label(std::string_view text, std::string_view sent_unit, bool any) {
    const auto label = read_label(text, sent_unit);
    if (!label.identifies && label.quantity != nullptr) return by_quantity(label, text, sent_unit);
    const bool has_unit = !sent_unit.empty() || !label.unit.empty();
    if (!label.identifies && has_unit) return by_unit(label, text, sent_unit);
    if (any) {
        const auto unit = clear_unit(sent_unit);
        return {.meaning =
                    Meaning{.quantity = quantity(series_name(text), {}, unit ? unit->unit : "/"),
                            .scale = unit ? unit->scale : Scale{}}};
    }
    return unclear(Unclear::Cause::unknown, unknown_key(text));
}

std::optional<Meaning> meaning_of_unit(std::string_view text, std::string_view sent_unit,
                                       std::string_view unit) {
    const auto scale = conversion(sent_unit, unit);
    const auto kind = kind_of_unit(unit);
    if (!scale || kind.empty()) return std::nullopt;
    auto stem = read_label(text, sent_unit).name();
    if (std::find(kGeneric.begin(), kGeneric.end(), stem) != kGeneric.end()) stem.clear();
    const auto name = stem.empty() ? kind : stem + "_" + kind;
    return Meaning{.quantity = quantity(name, kind, unit), .scale = *scale};
}

std::string unit_question(const std::string& name) {
    const auto label = read_label(name, {});
    if (label.quantity == nullptr || label.quantity->sent.empty()) return {};
    return fmt::format("boards send \"{}\" in several units; write {}", name,
                       mapping_with_unit(name, *label.quantity));
}

Meaning meaning_of_mapping(const std::string& name, const std::optional<std::string>& unit) {
    const auto* word = read_label(name, {}).quantity;
    if (!unit) {
        if (word == nullptr) return {.quantity = quantity(name, {}, "/")};
        return {.quantity = quantity_of(name, *word)};
    }
    if (std::find(kKept.begin(), kKept.end(), *unit) != kKept.end()) {
        return {.quantity = quantity(name, {}, *unit)};
    }
    if (word != nullptr && *unit != "K") {
        if (const auto scale = conversion(*unit, word->unit)) {
            return {.quantity = quantity_of(name, *word), .scale = *scale};
        }
    }
    const auto clear = clear_unit(*unit);
    if (!clear) return {.quantity = quantity(name, {}, *unit)};
    return {.quantity = quantity(name, {}, clear->unit), .scale = clear->scale};
}

}  // namespace drivers::serial
