#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "drivers/serial/lines.hpp"

namespace drivers::serial {

/// What one line of a board contains.
struct DecodedLine {
    struct Value {
        std::string key;              // Of a nested member: "bme.temperature".
        std::optional<double> value;  // Nothing if it is not a finite number.

        bool operator==(const Value&) const = default;
    };

    std::vector<Value> values;
    std::optional<std::uint64_t> number;  // `n`: the number of the line.
    std::optional<std::string> boot;      // The board has just started; the name that it gives.
    std::vector<std::string> faults;      // Readings that failed on the board.
    std::vector<std::string> refused;     // Other pieces; the rest of the line is good.
};

/// Decodes a JSON object or `key=value` pairs. Malformed when nothing of the line can be used. In a
/// torn line only a whole JSON object counts: half a pair may look like another pair
/// ("in_temperature=7" like "temperature=7"), but half an object is not an object.
base::Result<DecodedLine> decode_line(const Line& line);

}  // namespace drivers::serial
