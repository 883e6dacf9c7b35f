#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace virtual_gpio {

/// What hangs on the virtual chip, and what is wrong with it. Read from the file `script` in the
/// folder $VIRTUAL_GPIO, again each time, so that a test may change the world while it runs. A line
/// a thing; what is not understood ends the process:
///
///     label pinctrl-bcm2711     the chip's label
///     denied                    nobody may open the chip
///     gone                      the chip is unplugged: requests of its lines are dead for ever
///     no_threads                the process gets no more threads
///     busy 5 w1@5               line 5 belongs to somebody
///     dht 4 45 0 23 4           a DHT with these four bytes on line 4
///     sonar 23 24 5828          an HC-SR04: TRIG, ECHO, width of the echo in µs
///     level 17 1                a contact
///     bounce 17 300             it changes so often at once, whenever this line is new
///     fault 4 absent            absent, stuck_low, stuck_high, checksum, overflow, short,
///                               never_falls, config
struct Script {
    struct Sonar {
        unsigned echo = 0;
        std::uint32_t width_us = 0;
    };

    std::string label = "pinctrl-bcm2711";
    bool denied = false;
    bool gone = false;
    bool no_threads = false;
    std::map<unsigned, std::string> busy;
    std::map<unsigned, std::array<std::uint8_t, 4>> dht;
    std::map<unsigned, Sonar> sonar;  // By trigger.
    std::map<unsigned, bool> levels;
    std::map<unsigned, std::uint32_t> bounces;
    std::map<unsigned, std::string> faults;

    bool has_fault(unsigned line, const std::string& fault) const {
        const auto found = faults.find(line);
        return found != faults.end() && found->second == fault;
    }
};

/// $VIRTUAL_GPIO, or empty.
std::string folder();
Script read_script();

/// The level that a line has when nobody drives it and nothing is going on. Where nothing hangs it
/// follows the processor's own resistor.
bool resting_level(const Script& script, unsigned line, bool pulled_up);

/// A change on a line, in nanoseconds after what caused it.
struct Change {
    std::uint64_t after_ns = 0;
    bool level = false;
};

/// A DHT's answer after the host lets go: the first change 30 µs later, periods of 76 and 120 µs.
std::vector<Change> dht_answer(const Script& script, unsigned line);

/// ECHO after the end of the pulse on TRIG.
std::vector<Change> sonar_answer(const Script& script, unsigned trigger);

}  // namespace virtual_gpio
