#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace drivers::serial {

/// The length of what says which device it is behind `label`, where it begins with a digit and is
/// no number: "3F", "0x76", "12-34". 0 for a number, with or without a unit.
std::size_t code_length(std::string_view text, std::string_view label);

/// Of the words between the label of a device and the next sign, those that are its name: "living
/// room " of "living room Temp", "attic" of "attic soil". 0 where all belong to the next label.
std::size_t name_length(std::string_view words);

/// What says which device it is without a sign between: "Node 1", "--- Sensor #2 ---", "Device 0:".
struct NumberedDevice {
    std::string_view label;   // "Node"
    std::string_view number;  // "1"
    std::size_t length = 0;   // Of all of it, up to a separator.
};

/// Nothing if none is at the beginning.
std::optional<NumberedDevice> numbered_device(std::string_view text);

}  // namespace drivers::serial
