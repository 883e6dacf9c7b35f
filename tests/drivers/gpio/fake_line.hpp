#pragma once

#include <deque>
#include <functional>
#include <vector>

#include "drivers/gpio/line.hpp"

namespace pulse {

/// A line whose far end the test plays. Waits for nothing: an empty script is silence.
class FakeLine final : public drivers::gpio::Line {
  public:
    base::Status configure(const drivers::gpio::LineMode& mode) override {
        modes.push_back(mode);
        if (on_configure) on_configure(mode);
        if (broken) return base::Error{base::Fault::transient, "configure: broken"};
        return base::Done{};
    }
    base::Status set(bool level) override {
        sets.push_back(level);
        if (on_set) on_set(level);
        return base::Done{};
    }
    base::Result<bool> level() override { return high; }
    base::Result<drivers::gpio::Edges> wait(std::chrono::microseconds patience) override {
        waits.push_back(patience);
        if (script.empty()) return drivers::gpio::Edges{};
        auto edges = std::move(script.front());
        script.pop_front();
        return edges;
    }

    bool high = true;
    bool broken = false;
    std::deque<drivers::gpio::Edges> script;  // One entry a wait.
    std::function<void(const drivers::gpio::LineMode&)> on_configure;
    std::function<void(bool)> on_set;
    std::vector<drivers::gpio::LineMode> modes;
    std::vector<bool> sets;
    std::vector<std::chrono::microseconds> waits;
};

}  // namespace pulse
