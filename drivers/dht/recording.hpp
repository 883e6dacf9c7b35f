#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "drivers/dht/bytes.hpp"

namespace drivers::dht {

/// One change of the wire, as a logic analyser records it.
struct LevelChange {
    double time_us = 0;
    bool level = false;
};

struct Frame {
    double t_us = 0;  // The falling edge with which the sensor begins to answer.
    Climate climate;
};

struct RefusedFrame {
    double t_us = 0;
    std::string reason;
};

/// What a recording holds.
struct DecodedRecording {
    std::vector<Frame> frames;
    std::vector<RefusedFrame> refused;
};

/// Finds and decodes every answer of a sensor in a recording of any length. The changes must be in
/// the order of their times.
DecodedRecording decode_recording(Model model, std::span<const LevelChange> changes);

}  // namespace drivers::dht
