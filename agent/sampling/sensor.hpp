#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "agent/sampling/filter_settings.hpp"
#include "base/clock.hpp"
#include "drivers/core/driver.hpp"
#include "wire/status.hpp"

namespace agent {

/// A configured sensor.
struct Sensor {
    std::string name;
    std::string kind;         // Of its driver: "dht11".
    base::Duration period{};  // Between two triggers; zero: it speaks by itself.
    std::unique_ptr<drivers::Driver> driver;
    Filters filters{};                // Other quantities are recorded as they come.
    std::string location{};           // "/house/attic"; empty: not known.
    std::vector<std::string> tags{};  // In order, each once.
};

/// Hears of every reading and fault as it comes in. `taken` says when it did.
class SensorListener {
  public:
    virtual ~SensorListener() = default;
    virtual void on_reading(std::string_view sensor, const wire::LatestReading& reading,
                            base::Instant taken) = 0;
    virtual void on_fault(std::string_view sensor, const std::string& reason,
                          base::Instant taken) = 0;
};

}  // namespace agent
