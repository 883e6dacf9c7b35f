#pragma once

#include <cmath>
#include <string_view>

namespace drivers {

/// Why a number can be no measurement in a SenML unit; empty when it can be one. Such numbers stand
/// for a sensor that does not answer: -127 °C is DallasTemperature's, -327.68 °C and 655.35 %RH are
/// the codes of Zigbee.
inline std::string_view why_implausible(double value, std::string_view unit) {
    constexpr double kAbsoluteZero = -273.15;
    constexpr double kRounding = 0.005;
    constexpr double kLeastPercent = -1;  // Sensors that are not calibrated are a bit beside it.
    constexpr double kMostPercent = 105;
    if (unit == "Cel") {
        if (value < kAbsoluteZero - kRounding) return "below absolute zero";
        const bool is_code = std::abs(value + 127) < kRounding;
        return is_code ? "the sensor does not answer" : "";
    }
    if (unit == "K") return value < 0 ? "below absolute zero" : "";
    if (unit == "%RH" || unit == "%EL") {
        if (value < kLeastPercent) return "too low to be true";
        return value > kMostPercent ? "too high to be true" : "";
    }
    const bool has_no_sign = unit == "lx" || unit == "ppm" || unit == "ppb";
    return has_no_sign && value < 0 ? "too low to be true" : "";
}

}  // namespace drivers
