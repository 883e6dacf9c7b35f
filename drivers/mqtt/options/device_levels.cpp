#include "drivers/mqtt/options/device_levels.hpp"

#include <algorithm>

namespace drivers::mqtt {

namespace {

using Levels = std::vector<std::string>;

bool is_wild(const std::string& level) {
    return level == "+" || level == "#";
}

bool can_be_confused(const Levels& one, const Levels& other) {
    if (one == other || one.empty() || other.empty()) return false;
    if (one.back() == "#" || other.back() == "#") return true;
    return std::count_if(one.begin(), one.end(), is_wild) ==
           std::count_if(other.begin(), other.end(), is_wild);
}

}  // namespace

Levels device_levels(Format format, Levels levels) {
    if (format == Format::tasmota) {
        levels.pop_back();  // SENSOR, STATE, STATUS8 …
        std::erase(levels, "tele");
        std::erase(levels, "stat");
    }
    if (format == Format::esphome) {
        levels.pop_back();               // state
        levels.erase(levels.end() - 2);  // sensor, binary_sensor …
    }
    return levels;
}

std::optional<std::string> what_tells_apart(const Options& options, std::size_t filter) {
    const auto levels = device_levels(options.format, options.values[filter].levels());
    for (std::size_t i = 0; i < filter; ++i) {
        const auto others = device_levels(options.format, options.values[i].levels());
        if (!can_be_confused(levels, others)) continue;
        Levels own;
        for (const auto& level : levels) {
            const bool shared = std::find(others.begin(), others.end(), level) != others.end();
            if (!shared && !is_wild(level)) own.push_back(level);
        }
        return join_levels(own);
    }
    return std::nullopt;
}

}  // namespace drivers::mqtt
