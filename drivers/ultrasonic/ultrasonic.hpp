#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "drivers/core/pending.hpp"
#include "drivers/core/registry.hpp"
#include "drivers/gpio/address.hpp"
#include "drivers/gpio/worker.hpp"
#include "drivers/ultrasonic/schedule.hpp"
#include "drivers/ultrasonic/sonar.hpp"

namespace drivers::ultrasonic {

struct Options {
    std::string name;  // The sensor's; part of the lines' consumer.
    gpio::LineAddress trigger;
    gpio::LineAddress echo;
    std::string devices = "/dev";
    int pings = 5;  // Of one reading; each takes 60 ms, and sensors take turns.
    EchoLimits limits;
    double temperature_celsius = 20;  // Of the air, unless the series has a value.
    std::string temperature_series;   // "climate.temperature"; may be empty.
};

/// An HC-SR04: the distance, and whether anything is in range at all. Never pings while another
/// sensor of this process does.
class Driver final : public drivers::Driver {
  public:
    /// The last value of a series of this node, if there is one.
    using Latest = std::function<std::optional<double>(const std::string& series)>;

    static base::Result<std::unique_ptr<drivers::Driver>> open(const Options& options,
                                                               const Surroundings& surroundings);

    Driver(const Options& options, std::unique_ptr<Sonar> sonar, const base::Clock& clock,
           PingSchedule& schedule, Latest latest);

    const std::vector<Quantity>& quantities() const override { return quantities_; }
    void trigger(base::Instant now) override;
    Harvest collect(base::Instant now, std::size_t measurements_max) override;

  private:
    struct Burst {
        double temperature_celsius = 0;
    };
    struct Outcome {
        Attempt<Echo> echo;
        std::vector<double> edges_us;  // Of a failure: of the last ping with this refusal.
    };
    using Bursts = gpio::Worker<Burst, Outcome>;

    double air_temperature() const;
    Outcome work(const Burst& burst, const Bursts::Stopping& stopping);
    void settle(const Outcome& outcome, base::Instant now);

    Options options_;
    std::vector<Quantity> quantities_;
    std::unique_ptr<Sonar> sonar_;
    const base::Clock& clock_;
    PingSchedule& schedule_;
    Latest latest_;
    Pending pending_;
    Bursts worker_;  // Last: it uses the others.
};

/// For the registry.
DriverKind kind();

}  // namespace drivers::ultrasonic
