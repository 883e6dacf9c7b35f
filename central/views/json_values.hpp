#pragma once

#include <cstdint>
#include <optional>

#include "base/clock.hpp"
#include "base/json.hpp"

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

}  // namespace views
