#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "drivers/dht/bytes.hpp"

namespace drivers::dht {

/// One change on the wire, as a logic analyser writes it.
struct LevelChange {
    double time_us = 0;
    bool level = false;
};

struct DhtFrame {
    double t_us = 0;  // The falling edge with which the sensor begins to answer.
    Climate climate;
};

struct DhtRefused {
    double t_us = 0;
    std::string reason;
};

/// Everything that happened in a capture.
struct DhtCapture {
    std::vector<DhtFrame> frames;
    std::vector<DhtRefused> refused;
};

/// Finds every answer of a sensor in a capture of any length and decodes it. Changes ascend in
/// time.
DhtCapture decode_capture(Model model, std::span<const LevelChange> changes);

}  // namespace drivers::dht
