#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

namespace firmware {

/// What surrounds the simulated board. The test writes it into a file, a line for each sensor:
/// `climate 45 0 23 4 72` or `climate absent`, `echo 5828` (us), `echo silent` or `echo open` (no
/// wire), `motion 0`, `motion 1` or `motion open`.
struct Scene {
    std::optional<std::array<std::uint8_t, 5>> climate;  // Nothing: no DHT11.
    std::optional<unsigned> echo_us;                     // Nothing: the HC-SR04 does not answer.
    bool echo_open = false;
    std::optional<bool> motion;  // Nothing: no HC-SR501.
};

/// Throws on any other line.
Scene parse_scene(const std::string& text);

}  // namespace firmware
