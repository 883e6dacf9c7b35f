#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"

namespace drivers::gpio {

/// What the kernel says about a line that was not requested.
struct SurveyedLine {
    unsigned offset = 0;
    std::string name;  // Empty where the kernel has none.
    bool used = false;
    std::string consumer;  // Who uses it: a program, or a driver of the kernel.
    bool output = false;
};

struct SurveyedChip {
    std::string path;   // "/dev/gpiochip0"; the number differs between kernels.
    std::string label;  // "pinctrl-bcm2711": what it is.
    std::vector<SurveyedLine> lines;
};

/// A device that this user may not open.
struct ClosedDevice {
    std::string path;
    std::string group;  // Whose members may; empty when there is none.
};

/// Every GPIO chip of the machine, in the order of their numbers.
struct Survey {
    std::vector<SurveyedChip> chips;
    std::vector<ClosedDevice> closed;
};

/// Lists the chips in the folder `devices` ("/dev"). Without the folder, or a chip, it is empty.
base::Result<Survey> survey_chips(const std::string& devices);

/// The group whose members may read and write the device; empty when there is none.
std::string group_of_device(const std::string& path);

}  // namespace drivers::gpio
