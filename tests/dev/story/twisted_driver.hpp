#pragma once

#include <memory>
#include <string>
#include <vector>

#include "dev/story/plot.hpp"
#include "drivers/core/driver.hpp"

namespace story {

/// A sensor to which happens what the plot says. Everything else is what the driver measures.
class TwistedDriver final : public drivers::Driver {
  public:
    /// `clock` tells the true time, and is asked while measurements are collected; `end` is when
    /// the story ends.
    TwistedDriver(std::unique_ptr<drivers::Driver> driver, const std::string& sensor,
                  const std::vector<Twist>& twists, const base::Clock& clock, base::EventTime end);

    const std::vector<drivers::Quantity>& quantities() const override {
        return driver_->quantities();
    }
    void trigger(base::Instant now) override { driver_->trigger(now); }
    base::Duration rest() const override { return driver_->rest(); }
    drivers::Harvest collect(base::Instant now, std::size_t measurements_max) override;
    bool can_wait() const override { return driver_->can_wait(); }

  private:
    const Twist* twist_of(std::size_t quantity) const;

    std::unique_ptr<drivers::Driver> driver_;
    std::string sensor_;
    std::vector<Twist> twists_;
    const base::Clock& clock_;
    base::EventTime end_;
};

}  // namespace story
