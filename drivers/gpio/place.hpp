#pragma once

#include <string>

#include "base/result.hpp"
#include "drivers/gpio/address.hpp"
#include "drivers/gpio/survey.hpp"

namespace drivers::gpio {

/// Where a line is, before it is requested.
struct Place {
    std::string chip;  // Its path.
    unsigned offset = 0;
};

/// Finds the line in a survey of the folder `devices`. The error says what to change: the names
/// that do exist, nearest first; the group that is missing. Pure: the same survey gives the same
/// answer.
base::Result<Place> find_place(const LineAddress& address, const Survey& survey,
                               const std::string& devices);

/// The consumer of the line in a survey; empty when nobody uses it, or it is not there.
std::string consumer_of_line(const LineAddress& address, const Survey& survey);

/// The line belongs to `consumer`. The error says which overlay or program that is, and how to get
/// the line back.
base::Error line_in_use(const LineAddress& address, const std::string& consumer);

/// How to get permission to open the device: "usermod -aG gpio USER".
std::string permission_cure(const ClosedDevice& device);

}  // namespace drivers::gpio
