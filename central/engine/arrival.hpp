#pragma once

#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "wire/ack.hpp"
#include "wire/identity.hpp"

namespace engine {

/// A record as it arrives: who sent it, its number, and its line.
struct Arrival {
    std::string node;
    wire::Incarnation incarnation;
    wire::Mark mark;           // Its sequence number and chain value.
    base::EventTime received;  // When the bridge accepted it.
    std::string_view line;     // Lives for as long as the call.
};

}  // namespace engine
