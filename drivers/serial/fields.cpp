#include "drivers/serial/fields.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "drivers/core/names.hpp"
#include "drivers/core/plausible.hpp"
#include "drivers/core/stated_units.hpp"
#include "drivers/serial/groups.hpp"
#include "drivers/serial/label.hpp"

namespace drivers::serial {

namespace {

using Value = DecodedLine::Value;

std::string place_key(const std::string& device, const std::string& key) {
    return device + "\n" + key;
}

/// Why a number cannot be one of its quantity; empty when it can. Libraries print such numbers for
/// a sensor that does not answer: DallasTemperature -127 (in °F -196.6), DHTlib -999, NewPing 0.
std::string trouble_with(double value, const Quantity& quantity) {
    const auto why = why_implausible(value, quantity.unit);
    if (!why.empty()) return std::string{why};
    if (quantity.least && value < *quantity.least) return "too low to be true";
    const bool is_ping = quantity.name == "ping" || quantity.name.ends_with("-ping");
    return is_ping && value == 0 ? "no echo" : "";
}

double tolerance_of(const Value& value, const Scale& scale) {
    constexpr double kRounding = 0.02;  // Sketches convert with rough factors.
    return value.resolution * std::abs(scale.multiply / scale.divide) +
           kRounding * std::abs(scale.apply(value.number));
}

/// What a member says of the unit of other numbers of the line: {"temperature":73,"unit":"F"},
/// {"units":{"temperature":"F"}}.
std::optional<UnitStatement> statement_of(const Value& value) {
    if (value.kind == Value::Kind::missing) return std::nullopt;
    const auto dot = value.key.rfind('.');
    const auto last = value.key.substr(dot + 1);
    if (auto says = unit_statement(last, value.text)) return says;
    if (dot == std::string::npos || value.kind != Value::Kind::text) return std::nullopt;
    const auto outer = value.key.substr(0, dot);
    if (!unit_statement(outer.substr(outer.rfind('.') + 1), value.text)) return std::nullopt;
    return UnitStatement{.owner = letters_of(last), .text = value.text};
}

/// Two numbers for one series in a line: the same in another unit, or a mistake.
base::Status compare(const Value& value, const LineReadings::Reading& first,
                     const LineReadings::Reading& second, bool is_twin) {
    const bool is_same =
        is_twin && std::abs(first.value - second.value) <= first.tolerance + second.tolerance;
    if (is_same) return base::Done{};
    return base::Error{base::Fault::malformed,
                       fmt::format("\"{}\": another number for {} is in the same line",
                                   shown(value.text), shown(value.key))};
}

}  // namespace

Fields::Fields(const FieldOptions& options) : options_(options) {
    if (options.is_split) return;
    for (const auto& mapping : options.mappings) {
        add(mapping.key, {.scale = mapping.meaning.scale}, mapping.meaning, "");
    }
}

base::Result<LineReadings> Fields::accept(const std::vector<Value>& all,
                                          const std::string& device) {
    auto values = all;
    std::erase_if(values, [&](const Value& value) { return says_unit(value); });
    LineReadings line;
    const auto* const last = values.data() + values.size();
    for (const auto* first = values.data(); first != last;) {
        const auto* end = first + 1;
        while (end != last && end->again) ++end;
        if (auto status = accept_group(first, end, device, line); !status) return status.error();
        first = end;
    }
    for (const auto& value : all) {
        if (!says_unit(value) || is_ignored(value.key)) continue;
        if (auto status = check_named_unit(value, line); !status) return status.error();
    }
    return line;
}

/// A key of the settings is what they say.
bool Fields::says_unit(const Value& value) const {
    const bool is_mapped =
        std::any_of(options_.mappings.begin(), options_.mappings.end(),
                    [&](const FieldMapping& mapping) { return mapping.key == value.key; });
    return !is_mapped && statement_of(value).has_value();
}

/// A unit that stands beside a number is not applied, but none may contradict what is recorded.
base::Status Fields::check_named_unit(const Value& value, const LineReadings& line) const {
    const auto says = statement_of(value);
    for (const auto& reading : line.readings) {
        const auto& quantity = quantities_[reading.quantity];
        if (!is_of(*says, letters_of(quantity.name), quantity.unit)) continue;
        const auto verdict = judge(*says, quantity.name, quantity.unit, Claim::other);
        using Kind = UnitVerdict::Kind;
        const bool fits = verdict.kind == Kind::silent ||
                          (verdict.kind == Kind::converts && verdict.scale == reading.scale);
        if (fits) continue;
        return base::Error{
            base::Fault::malformed,
            fmt::format("\"{}\" is \"{}\": write the unit in [sensor.keys], and \"{}\" "
                        "in ignore",
                        shown(value.key), shown(value.text), shown(value.key))};
    }
    return base::Done{};
}

/// The numbers under one label: the same in several units, or several quantities.
base::Status Fields::accept_group(const Value* first, const Value* end, const std::string& device,
                                  LineReadings& line) {
    const std::vector<Value> values(first, end);
    const auto units = units_of_group(values);
    const bool is_mixed = std::any_of(units.begin(), units.end(),
                                      [&](const auto& unit) { return unit != units.front(); });
    // The one that counts comes first.
    auto order = std::vector<std::size_t>(values.size());
    std::iota(order.begin(), order.end(), 0U);
    if (!is_mixed) std::swap(order.front(), order[main_of_group(values)]);
    for (const auto i : order) {
        auto found =
            is_mixed ? find_in_group(values[i], units[i], device) : find(values[i], device);
        if (!is_mixed && i != order.front()) found.is_twin = true;
        if (found.kind == Found::Kind::refused) {
            return base::Error{base::Fault::malformed, found.why};
        }
        if (auto status = place(values[i], found, line); !status) return status;
    }
    return base::Done{};
}

base::Status Fields::place(const Value& value, const Found& found, LineReadings& line) const {
    if (found.kind == Found::Kind::told) line.told.push_back(found.why);
    if (found.kind != Found::Kind::series) return base::Done{};
    const auto same = std::find_if(
        line.readings.begin(), line.readings.end(),
        [&](const LineReadings::Reading& other) { return other.quantity == found.quantity; });
    const bool is_measured = value.kind == Value::Kind::number &&
                             (!value.is_truth || quantities_[found.quantity].unit == "/");
    if (!is_measured) {
        if (found.is_twin) return base::Done{};
        line.missing.push_back(
            {.quantity = found.quantity,
             .reason = fmt::format("{}: no number: \"{}\"", shown(value.key), shown(value.text))});
        return base::Done{};
    }
    const LineReadings::Reading reading{.quantity = found.quantity,
                                        .value = found.scale.apply(value.number),
                                        .tolerance = tolerance_of(value, found.scale),
                                        .scale = found.scale};
    if (same != line.readings.end()) return compare(value, *same, reading, found.is_twin);
    if (found.is_twin) return base::Done{};
    const auto trouble = trouble_with(reading.value, quantities_[found.quantity]);
    if (trouble.empty()) {
        line.readings.push_back(reading);
    } else {
        line.missing.push_back({.quantity = found.quantity,
                                .reason = fmt::format("{}: {}: \"{}\"", shown(value.key), trouble,
                                                      shown(value.text))});
    }
    return base::Done{};
}

// ---- keys ---------------------------------------------------------------------------------------

Fields::Found Fields::find(const Value& value, const std::string& device) {
    if (is_ignored(value.key)) return {};
    if (const auto at = places_.find(place_key(device, value.key)); at != places_.end()) {
        return known(at->second, value);
    }
    for (const auto& mapping : options_.mappings) {
        if (mapping.key != value.key) continue;
        const auto found =
            add(value.key, {.scale = mapping.meaning.scale}, mapping.meaning, device);
        const auto placed = places_.find(place_key(device, value.key));
        return placed == places_.end() ? found : known(placed->second, value);
    }
    const bool is_number = value.kind == Value::Kind::number;
    auto understood = meaning_of_label(value.key, value.unit, options_.accept_any && is_number);
    if (!understood.meaning) {
        const bool refuses = is_number && understood.unclear.cause == Unclear::Cause::contradiction;
        return {.kind = refuses ? Found::Kind::refused : Found::Kind::told,
                .why = std::move(understood.unclear.why)};
    }
    auto place = place_of(value, *understood.meaning);
    return add(value.key, std::move(place), std::move(*understood.meaning), device);
}

Fields::Place Fields::place_of(const Value& value, const Meaning& meaning) {
    const auto label = read_label(value.key, value.unit);
    Place place{.scale = meaning.scale, .stem = label.name()};
    if (!label.unit.empty()) return place;
    // "45 %" under "Humidity" says no more than "45".
    const auto bare = meaning_of_label(value.key, {}, false).meaning;
    const bool says_more =
        !bare || bare->scale != meaning.scale || bare->quantity.unit != meaning.quantity.unit;
    place.unit = value.unit.empty() ? Place::Unit::assumed
                 : says_more        ? Place::Unit::behind
                                    : Place::Unit::usual;
    return place;
}

Fields::Found Fields::find_in_group(const Value& value, const std::string& unit,
                                    const std::string& device) {
    if (is_ignored(value.key)) return {};
    const auto key = value.key + "\n" + unit;
    if (const auto at = places_.find(place_key(device, key)); at != places_.end()) {
        return known(at->second, value);
    }
    auto meaning = meaning_of_unit(value.key, value.unit, unit);
    if (!meaning || read_label(value.key, {}).quantity != nullptr) {
        return {.kind = Found::Kind::refused,
                .why = fmt::format("\"{}\" under \"{}\": what is it?", shown(value.text),
                                   shown(value.key))};
    }
    return add(key, {.scale = meaning->scale, .unit = Place::Unit::behind}, std::move(*meaning),
               device);
}

Fields::Found Fields::known(const Place& place, const Value& value) const {
    Found found{.kind = Found::Kind::series, .quantity = place.quantity, .scale = place.scale};
    if (value.kind != Value::Kind::number) return found;
    if (value.unit.empty()) {
        if (place.unit != Place::Unit::behind) return found;
        return {.kind = Found::Kind::refused,
                .why = fmt::format("\"{}\" under \"{}\" has no unit, and had one before",
                                   shown(value.text), shown(value.key))};
    }
    const auto scale = conversion(value.unit, quantities_[place.quantity].unit);
    if (!scale || (place.unit == Place::Unit::assumed && *scale != place.scale)) {
        return {
            .kind = Found::Kind::refused,
            .why = fmt::format("\"{}\" does not fit \"{}\"", shown(value.unit), shown(value.key))};
    }
    found.scale = *scale;
    return found;
}

Fields::Found Fields::add(const std::string& key, Place place, Meaning meaning,
                          const std::string& device) {
    auto& name = meaning.quantity.name;
    if (!device.empty()) name = device + "-" + name;
    if (!is_name(name)) name = distinct_name(name);
    const auto shown_key = key.substr(0, key.find('\n'));
    const auto same = std::find_if(quantities_.begin(), quantities_.end(),
                                   [&](const Quantity& other) { return other.name == name; });
    if (same != quantities_.end()) {
        place.quantity = static_cast<std::size_t>(same - quantities_.begin());
        return second_key(shown_key, place, meaning);
    }
    if (quantities_.size() >= kSeriesMax) {
        return {.kind = Found::Kind::told,
                .why = fmt::format("one series too many: \"{}\"", shown(shown_key))};
    }
    place.quantity = quantities_.size();
    quantities_.push_back(std::move(meaning.quantity));
    places_[place_key(device, key)] = place;
    return {.kind = Found::Kind::series, .quantity = place.quantity, .scale = place.scale};
}

/// "Temp F" beside "Temp C" is the same again; any other second key for a series is a mistake.
Fields::Found Fields::second_key(const std::string& key, const Place& place,
                                 const Meaning& meaning) const {
    const bool is_twin = std::any_of(places_.begin(), places_.end(), [&](const auto& known) {
        const auto& other = known.second;
        return other.quantity == place.quantity && other.unit == Place::Unit::said &&
               place.unit == Place::Unit::said && other.stem == place.stem &&
               other.scale != place.scale &&
               quantities_[place.quantity].unit == meaning.quantity.unit;
    });
    if (is_twin) {
        return {.kind = Found::Kind::series,
                .quantity = place.quantity,
                .scale = place.scale,
                .is_twin = true};
    }
    return {.kind = Found::Kind::told,
            .why = fmt::format("a second key for the series {}: \"{}\"",
                               quantities_[place.quantity].name, shown(key))};
}

bool Fields::is_ignored(const std::string& key) const {
    return std::find(options_.ignored.begin(), options_.ignored.end(), key) !=
           options_.ignored.end();
}

}  // namespace drivers::serial
