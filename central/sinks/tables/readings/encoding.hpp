#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "central/engine/readings/reading_block.hpp"

namespace sinks {

/// The readings of a block as JSON that SQLite's json_each() unpacks, key by key: a list of values
/// where all are equally far apart, `[20.1,20.2]`, else an object from milliseconds since the first
/// to value, `{"0":20.1,"2003":20.2}`. Either way a reading is at first_at + key * coalesce(step,
/// 1).
struct EncodedReadings {
    std::optional<std::int64_t> step;  // Milliseconds between them; nothing with an object.
    std::string text;
};

/// ENSUREs that there is a reading, and that they are in order of time.
EncodedReadings encode(const std::vector<engine::Single>& readings);

/// The same back again, each bit of each value. Malformed when it is no such text.
base::Result<std::vector<engine::Single>> decode(std::string_view text, base::EventTime first_at,
                                                 std::optional<std::int64_t> step);

}  // namespace sinks
