#pragma once

#include <memory>
#include <vector>

#include "drivers/gpio/line.hpp"
#include "drivers/ultrasonic/echo.hpp"

namespace drivers::ultrasonic {

/// The two lines of an HC-SR04. A ping blocks for up to 0.3 s.
class Sonar {
  public:
    Sonar(std::unique_ptr<gpio::Line> trigger, std::unique_ptr<gpio::Line> echo,
          const EchoLimits& limits)
        : trigger_(std::move(trigger)), echo_(std::move(echo)), limits_(limits) {}

    static gpio::LineMode trigger_mode();
    static gpio::LineMode echo_mode();

    Attempt<Echo> ping(double temperature_celsius);

    /// What ECHO did in the last ping.
    const std::vector<gpio::Edge>& edges() const { return edges_; }

  private:
    Attempt<base::Done> wait_for_quiet();
    base::Status pulse();
    Attempt<base::Done> listen();

    std::unique_ptr<gpio::Line> trigger_;
    std::unique_ptr<gpio::Line> echo_;
    EchoLimits limits_;
    std::vector<gpio::Edge> edges_;  // At most what the line's buffer holds.
};

}  // namespace drivers::ultrasonic
