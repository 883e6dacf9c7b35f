#include "drivers/host/thermometers.hpp"

#include <algorithm>
#include <filesystem>
#include <tuple>

#include "drivers/host/vitals.hpp"

namespace drivers::host {

namespace {

namespace fs = std::filesystem;

/// A thermometer with its place in the order: hwmon0 may be hwmon1 after the next boot, but its
/// device stays at the same place on the bus.
struct Found {
    std::string name;
    std::string device;
    fs::path path;

    auto order() const {
        return std::make_tuple(std::cref(name), std::cref(device), path.native().size(),
                               std::cref(path));
    }
};

std::vector<fs::path> entries(const fs::path& folder, std::string_view prefix,
                              std::string_view suffix = {}) {
    std::vector<fs::path> result;
    std::error_code error;
    for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
        const auto name = it->path().filename().string();
        if (name.starts_with(prefix) && name.ends_with(suffix)) result.push_back(it->path());
    }
    return result;
}

std::string first_line(const fs::path& path) {
    const auto content = read_small_file(path.string());
    if (!content) return {};
    return content.value().substr(0, content.value().find('\n'));
}

std::string device_of(const fs::path& folder) {
    std::error_code error;
    const auto device = fs::canonical(folder, error);
    return error ? std::string{} : device.string();
}

std::vector<Found> thermal_zones(const fs::path& root) {
    std::vector<Found> found;
    for (const auto& zone : entries(root / "sys/class/thermal", "thermal_zone")) {
        auto type = first_line(zone / "type");
        if (type.empty()) type = zone.filename().string();
        found.push_back(
            {.name = std::move(type), .device = device_of(zone / "device"), .path = zone / "temp"});
    }
    return found;
}

std::vector<Found> chip_temperatures(const fs::path& chip) {
    const auto device = device_of(chip / "device");
    if (fs::path(device).filename().string().starts_with("thermal_zone")) return {};
    auto chip_name = first_line(chip / "name");
    if (chip_name.empty()) chip_name = chip.filename().string();
    std::vector<Found> found;
    for (const auto& input : entries(chip, "temp", "_input")) {
        const auto channel = input.filename().string();
        const auto number = channel.substr(0, channel.find('_'));
        const auto label = first_line(chip / (number + "_label"));
        found.push_back({.name = chip_name + " " + (label.empty() ? number : label),
                         .device = device,
                         .path = input});
    }
    return found;
}

void append_sorted(std::vector<Found> found, std::vector<Thermometer>& result) {
    std::sort(found.begin(), found.end(),
              [](const Found& a, const Found& b) { return a.order() < b.order(); });
    for (auto& one : found) result.push_back({std::move(one.name), one.path.string()});
}

}  // namespace

std::vector<Thermometer> find_thermometers(const std::string& root) {
    std::vector<Thermometer> result;
    append_sorted(thermal_zones(root), result);
    std::vector<Found> chips;
    for (const auto& chip : entries(fs::path(root) / "sys/class/hwmon", "hwmon")) {
        auto found = chip_temperatures(chip);
        std::move(found.begin(), found.end(), std::back_inserter(chips));
    }
    append_sorted(std::move(chips), result);
    return result;
}

}  // namespace drivers::host
