#pragma once

#include <cstdint>
#include <optional>

#include "base/clock.hpp"
#include "base/json.hpp"
#include "central/engine/changes.hpp"

namespace views {

/// Milliseconds since 1970, or null.
inline void write_time(base::JsonWriter& json, const std::optional<base::EventTime>& time) {
    if (time) {
        json.value(base::to_milliseconds(*time));
    } else {
        json.null();
    }
}

/// A count, or null when it is not known.
inline void write_count(base::JsonWriter& json, const std::optional<std::uint64_t>& count) {
    if (count) {
        json.value(*count);
    } else {
        json.null();
    }
}

/// A number, or null for no value.
inline void write_number(base::JsonWriter& json, const std::optional<double>& number) {
    if (number) {
        json.value(*number);
    } else {
        json.null();
    }
}

/// What is known of readings from the future: the time and value of the farthest, and their number.
inline void write_ahead_members(base::JsonWriter& json, const engine::AheadRow& ahead) {
    json.member("t", base::to_milliseconds(ahead.at)).member("value", ahead.value);
    json.member("readings", ahead.readings);
}

}  // namespace views
