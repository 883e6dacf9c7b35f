#pragma once

#include <optional>
#include <string>
#include <vector>

#include "drivers/core/pending.hpp"
#include "drivers/core/registry.hpp"
#include "drivers/simulator/dht11.hpp"
#include "drivers/simulator/ds18b20.hpp"
#include "drivers/simulator/hcsr04.hpp"
#include "drivers/simulator/hcsr501.hpp"
#include "drivers/simulator/room.hpp"

namespace drivers::simulator {

struct Options {
    std::vector<std::string> sensors{"dht11", "hcsr04", "pir"};  // The parts in the room.
    RoomOptions room;
    Hcsr501Options pir;
    bool door_stands_open = false;  // For the reed switch; else people open and shut it.
    std::string fault;              // Not empty: every read of every part fails so.
};

/// An imaginary room, measured by sensors with all their flaws: coarse, noisy, and failing now and
/// then. The values depend only on the seed and the time of the trigger.
class Driver final : public drivers::Driver {
  public:
    Driver(const Options& options, const base::Clock& clock);

    const std::vector<Quantity>& quantities() const override { return quantities_; }
    void trigger(base::Instant now) override;
    Harvest collect(base::Instant now, std::size_t measurements_max) override;

  private:
    void add_part(const std::string& part);
    void read_dht11(base::EventTime time, base::Instant now);
    void read_ds18b20(base::EventTime time, base::Instant now);
    void read_reed(base::EventTime time, base::Instant now);
    void read_hcsr04(base::EventTime time, base::Instant now);
    void read_hcsr501(base::EventTime time, base::Instant now);
    void yield(std::size_t quantity, double value, base::Instant now);
    void fail(const std::string& reason, std::vector<std::size_t> quantities, base::Instant now);

    const base::Clock& clock_;
    const Room room_;
    const bool door_stands_open_;
    const std::string fault_;
    const Dht11 dht11_;
    const Ds18b20 ds18b20_;
    const Hcsr04 hcsr04_;
    const Hcsr501 hcsr501_;
    std::vector<Quantity> quantities_;
    std::optional<std::size_t> temperature_;  // The index of the quantity, if its part exists.
    std::optional<std::size_t> humidity_;     // Without it a DS18B20 measures the temperature.
    std::optional<std::size_t> open_;
    std::optional<std::size_t> distance_;
    std::optional<std::size_t> motion_;
    base::Instant powered_up_;
    Pending pending_;
};

/// For the registry.
DriverKind kind();

}  // namespace drivers::simulator
