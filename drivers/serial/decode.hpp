#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "drivers/serial/lines.hpp"

namespace drivers::serial {

/// What one line of a board says.
struct DecodedLine {
    struct Value {
        std::string key;              // Of members within members: "bme.temperature".
        std::optional<double> value;  // Nothing: what stands there is no finite number.

        bool operator==(const Value&) const = default;
    };

    std::vector<Value> values;
    std::optional<std::uint64_t> number;  // `n`: which line of the board's this is.
    std::optional<std::string> boot;      // The board has begun anew; who it says it is.
    std::vector<std::string> faults;      // Readings that failed on the board.
    std::vector<std::string> refused;     // Pieces that are neither; the rest is good all the same.
};

/// Decodes a JSON object, or `key=value` pairs. Malformed when nothing of the line can be used. Of
/// a torn line only a whole JSON object is taken: half a pair may be another pair
/// ("in_temperature=7" would become "temperature=7"), half an object is none.
base::Result<DecodedLine> decode_line(const Line& line);

}  // namespace drivers::serial
