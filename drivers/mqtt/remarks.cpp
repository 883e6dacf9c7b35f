#include "drivers/mqtt/remarks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "base/log.hpp"
#include "drivers/core/names.hpp"
#include "drivers/mqtt/formats/devices.hpp"
#include "wire/identity.hpp"

namespace drivers::mqtt {

namespace {

constexpr std::size_t kToldMax = 256;
constexpr std::size_t kToldInALine = 8;
constexpr std::size_t kPlacesMax = 1024;
constexpr std::size_t kVaryingMax = 16;
constexpr std::size_t kNotesMax = 64;
constexpr std::size_t kByMax = 4;

/// What stands for a unit that the name does not say: the operator puts it there.
constexpr std::string_view kNoUnit = "…";

/// The event names the numbers, so that the log does not take one line for a repetition of another.
void tell(std::string_view topic, const std::vector<const PassedOver*>& numbers) {
    std::vector<std::string> keys;
    std::vector<std::string> mappings;
    bool has_all_units = true;
    for (const auto* number : numbers) {
        keys.push_back(shown(number->key));
        const bool has_unit = !number->unit.empty();
        has_all_units &= has_unit;
        mappings.push_back(fmt::format("\"{}\" = \"{}:{}\"", keys.back(), number->name,
                                       has_unit ? std::string_view{number->unit} : kNoUnit));
    }
    const auto* hint = has_all_units ? "each with its right unit" : "with its unit for each …";
    base::log_warn(
        fmt::format("not measured: {}", fmt::join(keys, ", ")),
        {{"topic", shown(topic)},
         {"to_take", fmt::format("[sensor.quantities] {} ({})", fmt::join(mappings, ", "), hint)},
         {"to_leave_out", fmt::format("ignore = [\"{}\"]", fmt::join(keys, "\", \""))}});
}

std::string by_line(const std::vector<std::string>& members) {
    return fmt::format("by = [\"{}\"]", fmt::join(members, "\", \""));
}

}  // namespace

void Remarks::accept(std::string_view topic, const Decoded& decoded) {
    tell_passed_over(topic, decoded.passed_over);
    for (const auto& note : decoded.notes) tell_note(topic, note);
    watch(topic, decoded.identities);
}

std::optional<std::string> Remarks::take_trouble(base::Instant now) {
    if (trouble_.empty() || !reminder_.is_due(trouble_, now)) return std::nullopt;
    return trouble_;
}

void Remarks::tell_note(std::string_view topic, const Note& note) {
    if (noted_.size() >= kNotesMax || !noted_.insert(note.event).second) return;
    if (note.cure.empty()) {
        base::log_warn(note.event, {{"topic", shown(topic)}});
    } else {
        base::log_warn(note.event, {{"topic", shown(topic)}, {"to_mend", note.cure}});
    }
}

void Remarks::tell_passed_over(std::string_view topic, const std::vector<PassedOver>& numbers) {
    std::vector<const PassedOver*> fresh;
    for (const auto& number : numbers) {
        const auto key = wire::fnv1a64(number.key);
        if (told_all_ || told_.contains(key)) continue;
        if (told_.size() >= kToldMax) {
            told_all_ = true;
            base::log_warn("more numbers are not measured than are told",
                           {{"told", told_.size()}, {"topic", shown(topic)}});
            break;
        }
        told_.insert(key);
        fresh.push_back(&number);
        if (fresh.size() == kToldInALine) tell(topic, std::exchange(fresh, {}));
    }
    if (!fresh.empty()) tell(topic, fresh);
}

/// Those that say something else than at first in the topic.
std::vector<const Identity*> Remarks::changed(std::string_view topic,
                                              const std::vector<Identity>& identities) {
    std::vector<const Identity*> changes;
    for (const auto& identity : identities) {
        if (varying_.contains(identity.line)) continue;
        const auto place = wire::fnv1a64(fmt::format("{} {}", topic, identity.place));
        const auto text = shown(identity.text);
        const auto found = identities_.find(place);
        if (found != identities_.end()) {
            if (found->second != text) changes.push_back(&identity);
        } else if (identities_.size() < kPlacesMax) {
            identities_.emplace(place, text);
        }
    }
    return changes;
}

/// One that is unique in the world is enough; else all of them together.
void Remarks::propose(const std::vector<const Identity*>& changes) {
    const auto unique = std::find_if(changes.begin(), changes.end(), [](const Identity* identity) {
        return is_unique(identity->line);
    });
    for (const auto* identity : changes) {
        const bool is_needed = unique == changes.end() || *unique == identity;
        const bool is_there = std::find(by_.begin(), by_.end(), identity->line) != by_.end();
        if (is_needed && !is_there && by_.size() < kByMax) by_.push_back(identity->line);
    }
}

void Remarks::watch(std::string_view topic, const std::vector<Identity>& identities) {
    if (varying_.size() >= kVaryingMax) return;
    const auto changes = changed(topic, identities);
    if (changes.empty()) return;
    std::vector<std::string> differences;
    for (const auto* identity : changes) {
        varying_.insert(identity->line);
        if (differences.size() == kByMax) continue;
        const auto place = wire::fnv1a64(fmt::format("{} {}", topic, identity->place));
        differences.push_back(fmt::format("{} was {} and is {}", shown(identity->line),
                                          identities_.at(place), shown(identity->text)));
    }
    propose(changes);
    const auto what = fmt::format("{}", fmt::join(differences, ", "));
    trouble_ = fmt::format("several devices in one series: {}; {} parts them", what, by_line(by_));
    base::log_warn("values of several devices are in one series: " + what,
                   {{"topic", shown(topic)}, {"to_part_them", by_line(by_)}});
}

}  // namespace drivers::mqtt
