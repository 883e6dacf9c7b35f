#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/settings.hpp"
#include "drivers/core/driver.hpp"
#include "drivers/core/remedy.hpp"

namespace drivers {

/// What a driver gets from the program around it.
struct Surroundings {
    const base::Clock& clock;
    std::uint64_t seed = 0;               // For drivers that need chance.
    std::optional<std::string> position;  // Of the last committed Harvest, if any.

    /// The last value of any series of this node ("climate.temperature"), if there is one: for a
    /// driver that corrects by what another sensor measures. May be empty; asked from the tick
    /// only.
    std::function<std::optional<double>(const std::string& series)> latest{};
};

/// One kind of driver, as the configuration names it.
struct DriverKind {
    std::string_view name;
    std::string_view sentence;      // What it is.
    std::string_view sample;        // The content of its sample.toml.
    base::Duration default_period;  // Zero: it speaks by itself.

    /// Reads the driver's keys from a [[sensor]] table. Errors in values are left in the settings
    /// (check() tells them); the Result is for what goes wrong beyond: a missing file, a busy line.
    base::Result<std::unique_ptr<Driver>> (*make)(base::Settings& settings,
                                                  const Surroundings& surroundings);

    /// Asks for the same keys without opening anything: `validate` on a machine without hardware.
    void (*read_settings)(base::Settings& settings);

    /// What its sensor's signs mean: for `probe` and `test`. The first that fits counts.
    std::span<const Remedy> remedies{};
};

/// All kinds, by name.
const std::vector<DriverKind>& driver_kinds();

/// The kind of that name, or nullptr.
const DriverKind* find_driver_kind(std::string_view name);

/// The kind whose sentence names the sensor first, or nullptr: "hc-sr04" and "HCSR04" mean
/// "ultrasonic".
const DriverKind* find_kind_of_sensor(std::string_view sensor);

}  // namespace drivers
