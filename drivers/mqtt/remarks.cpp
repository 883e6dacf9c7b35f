#include "drivers/mqtt/remarks.hpp"

#include <fmt/format.h>

#include <utility>
#include <vector>

#include "base/log.hpp"
#include "drivers/core/names.hpp"
#include "wire/identity.hpp"

namespace drivers::mqtt {

namespace {

constexpr std::size_t kToldMax = 256;
constexpr std::size_t kToldInALine = 8;
constexpr std::size_t kPlacesMax = 1024;
constexpr std::size_t kVaryingMax = 16;

/// The event names the numbers, so that the log does not take one line for a repetition of another.
void tell(std::string_view topic, const std::vector<const PassedOver*>& numbers) {
    std::vector<std::string> keys;
    std::vector<std::string> mappings;
    for (const auto* number : numbers) {
        keys.push_back(shown(number->key));
        mappings.push_back(
            fmt::format("\"{}\" = \"{}:{}\"", keys.back(), number->name, number->unit));
    }
    base::log_warn(fmt::format("not measured: {}", fmt::join(keys, ", ")),
                   {{"topic", shown(topic)},
                    {"to_take", fmt::format("[sensor.quantities] {} (each with its right unit)",
                                            fmt::join(mappings, ", "))},
                    {"to_leave_out", fmt::format("ignore = [\"{}\"]", fmt::join(keys, "\", \""))}});
}

}  // namespace

void Remarks::accept(std::string_view topic, const Decoded& decoded) {
    tell_passed_over(topic, decoded.passed_over);
    for (const auto& identity : decoded.identities) watch(topic, identity);
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

void Remarks::watch(std::string_view topic, const Identity& identity) {
    if (varying_.contains(identity.member) || varying_.size() >= kVaryingMax) return;
    const auto place = wire::fnv1a64(fmt::format("{} {}", topic, identity.place));
    const auto text = shown(identity.text);
    const auto found = identities_.find(place);
    if (found == identities_.end()) {
        if (identities_.size() < kPlacesMax) identities_.emplace(place, text);
        return;
    }
    if (found->second == text) return;
    varying_.insert(identity.member);
    base::log_warn(fmt::format("values of several devices are in one series: {} was {} and is {}",
                               shown(identity.member), found->second, text),
                   {{"topic", shown(topic)},
                    {"to_part_them", fmt::format("by = [\"{}\"]", shown(identity.member))}});
}

}  // namespace drivers::mqtt
