#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace base {

/// Lower-case hexadecimal, two digits a byte.
std::string to_hex(std::span<const std::uint8_t> bytes);

/// Fills `bytes` from exactly twice as many lower-case digits; false when the text is anything
/// else.
bool from_hex(std::string_view text, std::span<std::uint8_t> bytes);

}  // namespace base
