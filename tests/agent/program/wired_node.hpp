#pragma once

#include <fmt/format.h>

#include <string>
#include <vector>

namespace agent_test {

/// The tables of a node with three sensors on the virtual chip in the folder `devices`: `climate`
/// (a DHT of that model on line 4), `sonar` (lines 23 and 24) and `door` (line 17).
inline std::string three_sensors(const std::string& devices, const std::string& model) {
    return fmt::format(
        "[[sensor]]\nname = \"climate\"\ndriver = \"dht\"\nmodel = \"{1}\"\n"
        "line = \"GPIO4\"\ndevices = \"{0}\"\n\n"
        "[[sensor]]\nname = \"sonar\"\ndriver = \"ultrasonic\"\ntrigger = \"GPIO23\"\n"
        "echo = \"GPIO24\"\ndevices = \"{0}\"\n\n"
        "[[sensor]]\nname = \"door\"\ndriver = \"pir\"\nline = \"GPIO17\"\n"
        "devices = \"{0}\"\nwarm_up = \"0s\"\n",
        devices, model);
}

/// What a program needs to find the virtual chip in the folder `devices`.
inline std::vector<std::string> virtual_chip(const std::string& devices) {
    return {"VIRTUAL_GPIO=" + devices, "LD_PRELOAD=" VIRTUAL_GPIOCHIP,
            "ASAN_OPTIONS=verify_asan_link_order=0"};
}

}  // namespace agent_test
