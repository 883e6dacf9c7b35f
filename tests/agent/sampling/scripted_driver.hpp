#pragma once

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "drivers/core/driver.hpp"

namespace agent_test {

/// The readings that a test gives its sensor, and what the sensor was asked for. Outlives the
/// driver.
struct Script {
    std::vector<drivers::Quantity> quantities{
        {.name = "value", .kind = "level", .unit = "/", .least = 0, .most = 1, .resolution = {}}};
    std::deque<drivers::Harvest> harvests;
    std::vector<base::Instant> triggers;
    std::uint64_t collected = 0;
    std::size_t asked_for = 0;  // By the last collect().
    bool waits = false;

    /// Every trigger yields this value, once a driver answers at all.
    std::optional<double> answer;
};

class ScriptedDriver final : public drivers::Driver {
  public:
    explicit ScriptedDriver(std::shared_ptr<Script> script) : script_(std::move(script)) {}

    const std::vector<drivers::Quantity>& quantities() const override {
        return script_->quantities;
    }
    void trigger(base::Instant now) override {
        script_->triggers.push_back(now);
        if (!script_->answer) return;
        drivers::Harvest harvest;
        harvest.measurements.push_back(
            {.quantity = 0, .value = *script_->answer, .taken = now, .source_time = {}});
        script_->harvests.push_back(harvest);
    }
    drivers::Harvest collect(base::Instant, std::size_t measurements_max) override {
        ++script_->collected;
        script_->asked_for = measurements_max;
        if (script_->harvests.empty()) return {};
        auto harvest = std::move(script_->harvests.front());
        script_->harvests.pop_front();
        return harvest;
    }
    bool can_wait() const override { return script_->waits; }

  private:
    std::shared_ptr<Script> script_;
};

}  // namespace agent_test
