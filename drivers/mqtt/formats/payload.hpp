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

/// Reads "21.5", "+3", "−5", "ON", "off", "true", with or without spaces around it. Nothing for
/// anything else, infinity and NaN included.
std::optional<Value> read_value(std::string_view text);

/// What is said where a value should be: one, or in a few words why it is none.
struct Said {
    std::optional<Value> value;
    std::string_view why = "not a number";
    std::string_view cure{};
    std::string unit{};  // As it stands behind the number: "21.5 °C".
};

/// Reads a text as above, also in quotes and with a known unit behind the number. The decimal sign
/// is a point, or a comma; never either.
Said read_said(std::string_view text, bool decimal_comma);

/// Reads a number, a boolean, or a text.
Said read_said(const base::Json& json, bool decimal_comma);

/// The payload as JSON, with what devices get wrong in it mended: `nan` is a text, and so is a
/// member that is there twice with two values.
base::Result<base::Json> parse_payload(std::string_view payload);

/// Whether a device can be expected to measure, and what to call it if not: "offline", "lost".
struct Availability {
    bool is_there = false;
    std::string said;

    bool operator==(const Availability&) const = default;
};

/// What the operator says that devices send, beside the words that are known.
struct AvailabilityWords {
    std::optional<std::string> there;
    std::optional<std::string> gone;
};

/// Reads "online", "false", or one of these as the member of an object: {"state":"offline"}.
/// Nothing when the word is not known.
std::optional<Availability> read_availability(std::string_view payload,
                                              const AvailabilityWords& words = {});

}  // namespace drivers::mqtt
