#pragma once

#include <string>

#include "base/result.hpp"
#include "drivers/gpio/address.hpp"
#include "drivers/gpio/survey.hpp"

namespace drivers::gpio {

/// A line that was found, before it is asked for.
struct Place {
    std::string chip;  // Its path.
    unsigned offset = 0;
};

/// Where the line is, out of what a survey of the folder `devices` saw. The error says what to
/// change: the names that do exist, nearest first; the group that is missing. Asks nobody: the same
/// survey gives the same answer.
base::Result<Place> find_place(const LineAddress& address, const Survey& survey,
                               const std::string& devices);

/// The line belongs to `consumer`: which overlay or program that is, and how to get the line back.
base::Error line_in_use(const LineAddress& address, const std::string& consumer);

/// "group gpio: usermod -aG gpio USER": how to become one who may open the device.
std::string permission_cure(const ClosedDevice& device);

}  // namespace drivers::gpio
