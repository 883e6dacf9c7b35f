#pragma once

#include <string>
#include <vector>

namespace drivers::host {

/// One temperature the kernel knows.
struct Thermometer {
    std::string name;  // Before it is made safe and unique: "cpu-thermal", "nvme Composite".
    std::string path;  // Of the file that holds millidegrees Celsius.
};

/// Every thermal zone, then every hwmon temperature below `root`, in an order that depends on names
/// and devices only, not on the order in which the kernel found them. A hwmon that merely repeats a
/// thermal zone is left out.
std::vector<Thermometer> find_thermometers(const std::string& root);

}  // namespace drivers::host
