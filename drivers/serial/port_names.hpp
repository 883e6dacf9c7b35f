#pragma once

#include <string>
#include <vector>

namespace drivers::serial {

/// The serial ports of boards below `devices` ("/dev"), by their stable names if udev gives any,
/// otherwise ttyACM… and ttyUSB…; at most 16, sorted.
std::vector<std::string> port_names(const std::string& devices);

}  // namespace drivers::serial
