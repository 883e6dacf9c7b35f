#include "drivers/mqtt/formats/naming.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "drivers/core/names.hpp"
#include "drivers/mqtt/options/device_levels.hpp"

namespace drivers::mqtt {

namespace {

constexpr std::string_view kOne = "_";
constexpr std::string_view kTwo = "__";

bool has_underscore(const std::string& part) {
    return part.find('_') != std::string::npos;
}

std::string bounded(const std::string& name) {
    return is_name(name) ? name : marked_name(name, name);
}

}  // namespace

Naming::Naming(const Options& options, const NamingRules& rules) : rules_(rules) {
    for (const auto& mapped : options.keys) names_.insert(mapped.quantity);
    for (std::size_t i = 0; i < options.values.size(); ++i) {
        const auto& filter = options.values[i];
        const auto mark = what_tells_apart(options, i);
        if (mark) marks_.emplace(filter.text(), marked_name(*mark, filter.text()));
    }
}

std::string Naming::name(const Letter& letter, const std::vector<std::string>& inner,
                         const std::string& quantity) const {
    const auto parts = device_parts(letter, inner);
    if (parts.empty()) return bounded(quantity);
    // A free name may have underscores of its own, so no part before it may; else only the first.
    const auto from = parts.begin() + (rules_.names_are_free ? 0 : 1);
    const bool varies =
        letter.filter.ends_open() && letter.topic.size() > letter.filter.levels().size();
    const bool unclear = varies || std::any_of(from, parts.end(), has_underscore);
    const auto device = fmt::format("{}", fmt::join(parts, unclear ? kTwo : kOne));
    const bool apart = rules_.names_are_free ? unclear : reads_longer(device, quantity);
    return bounded(fmt::format("{}{}{}", device, apart ? kTwo : kOne, quantity));
}

std::vector<std::string> Naming::device_parts(const Letter& letter,
                                              const std::vector<std::string>& inner) const {
    const auto levels = letter.topic.size() - rules_.levels_behind;
    std::vector<std::string> parts;
    const auto mark = marks_.find(letter.filter.text());
    if (mark != marks_.end()) parts.push_back(mark->second);
    for (const auto& level : letter.filter.wild_levels(letter.topic, levels)) {
        parts.push_back(distinct_name(level));
    }
    parts.insert(parts.end(), inner.begin(), inner.end());
    return parts;
}

bool Naming::is_known(std::string_view name) const {
    return names_.contains(name) || (rules_.known != nullptr && rules_.known(name) != nullptr);
}

/// Whether the end of the device's name and the quantity's are another quantity's name together.
bool Naming::reads_longer(std::string_view device, std::string_view quantity) const {
    for (auto at = device.find('_'); at != std::string_view::npos; at = device.find('_', at + 1)) {
        if (is_known(fmt::format("{}_{}", device.substr(at + 1), quantity))) return true;
    }
    return false;
}

}  // namespace drivers::mqtt
