#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/settings.hpp"
#include "drivers/core/driver.hpp"
#include "drivers/core/remedy.hpp"

namespace drivers {

/// What the program provides for a driver.
struct Surroundings {
    const base::Clock& clock;
    std::uint64_t seed = 0;               // For drivers that need chance.
    std::optional<std::string> position;  // Of the last committed Harvest, if any.

    /// The last value of a series of this node ("climate.temperature"), if there is one; for a
    /// driver that needs another sensor's value. May be empty; called from the tick only.
    std::function<std::optional<double>(const std::string& series)> latest{};
};

/// One kind of driver, as the configuration names it.
struct DriverKind {
    std::string_view name;
    std::string_view sentence;      // What it is.
    std::string_view sample;        // The content of its sample.toml.
    base::Duration default_period;  // Zero: it sends by itself.

    /// Reads the driver's keys from a [[sensor]] table. Errors in values are left in the settings,
    /// for check() to report; the Result is for other trouble: a missing file, a busy line.
    base::Result<std::unique_ptr<Driver>> (*make)(base::Settings& settings,
                                                  const Surroundings& surroundings);

    /// Reads the same keys without opening anything; for `validate` on a machine without hardware.
    void (*read_settings)(base::Settings& settings);

    /// What its sensor's signs mean; for `probe` and `test`.
    std::span<const Remedy> remedies{};

    /// What people may write for the driver's name, because the sensor or the device is called so.
    std::span<const std::string_view> sensors{};

    /// What a [[sensor]] table takes for itself alone, a line or a port: each key with one and the
    /// same name for one and the same thing. Null: nothing.
    std::vector<std::pair<std::string, std::string>> (*claims)(const base::Settings& settings) =
        nullptr;
};

/// All kinds, by name.
const std::vector<DriverKind>& driver_kinds();

/// The kind of that name, or nullptr.
const DriverKind* find_driver_kind(std::string_view name);

/// The kind that is for the sensor, or nullptr: "hc-sr04" and "HCSR04" mean "ultrasonic".
const DriverKind* find_kind_of_sensor(std::string_view sensor);

}  // namespace drivers
