#pragma once

#include <string>
#include <vector>

#include "drivers/gpio/survey.hpp"
#include "drivers/host/thermometers.hpp"

namespace agent {

/// A process that has a device open.
struct Holder {
    int process = 0;
    std::string name;  // "ModemManager"
};

/// A sensor behind a driver of the kernel.
struct IioDevice {
    std::string id;                       // "iio:device0"
    std::string name;                     // "dht11"
    std::vector<std::string> quantities;  // "temp", "humidityrelative"
};

struct SerialPort {
    std::string path;
    std::vector<std::string> links;  // /dev/serial/by-id/…: stable names.
    std::string usb_id;              // "2341:0043"; empty when it is not on USB.
    std::string vendor;
    std::string product;
    std::vector<Holder> holders;  // As far as this user may see them.
    bool open_to_us = true;
    std::string group;  // Whose members may open it.
};

/// What a node has to measure with, according to the kernel.
struct Machine {
    std::string board;   // "Raspberry Pi 4 Model B Rev 1.5"; empty when the kernel does not know.
    std::string kernel;  // "6.6.31"
    std::string user;
    drivers::gpio::Survey gpio;
    std::string gpio_trouble;  // Why the chips could not be surveyed; usually empty.
    std::vector<IioDevice> iio;
    std::vector<SerialPort> serial;
    std::vector<drivers::host::Thermometer> thermometers;
};

/// Reads /dev, /sys and /proc below `root` ("/"). Opens no line and no port; what is missing is
/// empty.
Machine observe_machine(const std::string& root);

}  // namespace agent
