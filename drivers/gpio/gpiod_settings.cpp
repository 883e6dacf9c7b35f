#include "drivers/gpio/gpiod_settings.hpp"

namespace drivers::gpio {

namespace {

gpiod::line::bias bias_of(LineMode::Bias bias) {
    switch (bias) {
        case LineMode::Bias::pull_up:
            return gpiod::line::bias::PULL_UP;
        case LineMode::Bias::pull_down:
            return gpiod::line::bias::PULL_DOWN;
        case LineMode::Bias::none:
            break;
    }
    return gpiod::line::bias::DISABLED;
}

gpiod::line::edge edge_of(LineMode::Edges edges) {
    switch (edges) {
        case LineMode::Edges::falling:
            return gpiod::line::edge::FALLING;
        case LineMode::Edges::both:
            return gpiod::line::edge::BOTH;
        case LineMode::Edges::none:
            break;
    }
    return gpiod::line::edge::NONE;
}

}  // namespace

gpiod::line::value value_of(bool level) {
    return level ? gpiod::line::value::ACTIVE : gpiod::line::value::INACTIVE;
}

gpiod::line_settings settings_of(const LineMode& mode) {
    gpiod::line_settings settings;
    if (mode.direction == LineMode::Direction::output) {
        settings.set_direction(gpiod::line::direction::OUTPUT);
        settings.set_output_value(value_of(mode.level));
        return settings;
    }
    settings.set_direction(gpiod::line::direction::INPUT);
    settings.set_bias(bias_of(mode.bias));
    settings.set_edge_detection(edge_of(mode.edges));
    if (mode.debounce.count() > 0) settings.set_debounce_period(mode.debounce);
    return settings;
}

}  // namespace drivers::gpio
