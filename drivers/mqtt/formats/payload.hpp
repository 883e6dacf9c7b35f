#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/json.hpp"

namespace drivers::mqtt {

/// The limits of a message; a device's state has a few hundred bytes.
constexpr std::size_t kPayloadBytesMax = 16 * 1024;
constexpr base::JsonLimits kPayloadLimits{
    .bytes_max = kPayloadBytesMax, .depth_max = 8, .values_max = 1024};

/// A value of a payload, and whether it is a truth (1 or 0) rather than a number.
struct Value {
    double number = 0;
    bool truth = false;
};

/// Reads "21.5", "ON", "off", "true", with or without spaces around it. Nothing for anything else,
/// infinity and NaN included.
std::optional<Value> read_value(std::string_view text);

/// Reads a number, a boolean, or a text like those above.
std::optional<Value> read_value(const base::Json& json);

/// Reads "online" or {"state":"offline"}: the word in lower case; nothing when devices do not use
/// it.
std::optional<std::string> read_availability(std::string_view payload);

/// Whether a device that sends this word can be expected to measure.
bool is_available(std::string_view word);

}  // namespace drivers::mqtt
