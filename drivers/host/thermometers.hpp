#pragma once

#include <string>
#include <vector>

namespace drivers::host {

/// A temperature that the kernel knows.
struct Thermometer {
    std::string name;  // As the kernel writes it: "cpu-thermal", "nvme Composite".
    std::string path;  // Of the file that holds millidegrees Celsius.
};

/// Every thermal zone, then every hwmon temperature below `root`. The order depends only on names
/// and devices, not on the order in which the kernel found them. A hwmon that merely repeats a
/// thermal zone is left out.
std::vector<Thermometer> find_thermometers(const std::string& root);

}  // namespace drivers::host
