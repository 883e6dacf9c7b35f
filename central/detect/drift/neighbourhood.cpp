#include "central/detect/drift/neighbourhood.hpp"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

namespace detect::drift {

namespace {

std::string_view around(std::string_view location) {
    return location.substr(0, location.rfind('/'));
}

using Depth = std::ptrdiff_t;

/// The deepest come first.
std::pair<Depth, std::string> key_of(std::string_view location) {
    return {-std::count(location.begin(), location.end(), '/'), std::string{location}};
}

}  // namespace

std::vector<std::string> places_of(const std::vector<std::string>& locations) {
    std::map<std::pair<Depth, std::string>, std::vector<std::size_t>> waiting;
    for (std::size_t i = 0; i < locations.size(); ++i) {
        if (!locations[i].empty()) waiting[key_of(locations[i])].push_back(i);
    }
    std::vector<std::string> places(locations.size());
    // A location around another comes after it, so that what it gets is still to be visited.
    for (auto it = waiting.begin(); it != waiting.end(); ++it) {
        const auto& place = it->first.second;
        const auto& members = it->second;
        const auto next = around(place);
        if (members.size() >= kGroupLeast) {
            for (const auto i : members) places[i] = place;
        } else if (!next.empty()) {
            auto& others = waiting[key_of(next)];
            others.insert(others.end(), members.begin(), members.end());
        }
    }
    return places;
}

}  // namespace detect::drift
