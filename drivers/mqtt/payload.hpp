#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/json.hpp"

namespace drivers::mqtt {

/// What a message may hold; a device's state is some hundred bytes.
constexpr std::size_t kPayloadBytesMax = 16 * 1024;
constexpr base::JsonLimits kPayloadLimits{
    .bytes_max = kPayloadBytesMax, .depth_max = 8, .values_max = 1024};

/// A value of a payload, and whether it is a truth (1 or 0) and no number.
struct Value {
    double number = 0;
    bool truth = false;
};

/// "21.5", "ON", "off", "true"; blanks around it do not count. Nothing for the rest, infinity and
/// NaN included.
std::optional<Value> read_value(std::string_view text);

/// A number, a boolean, or a text that is one of the above.
std::optional<Value> read_value(const base::Json& json);

/// "online", {"state":"offline"}: the word, in lower case; nothing when it is none of the words
/// that devices use.
std::optional<std::string> read_availability(std::string_view payload);

/// Whether a device that says this word can be expected to measure.
bool is_available(std::string_view word);

}  // namespace drivers::mqtt
