#pragma once

#include <string>
#include <string_view>

namespace drivers {

/// JSON with what programs get wrong in it put right, so that one bad token costs itself only. What
/// is no value becomes a text, which is no number:
///
///     {"t":nan,"u":21.5C}    {"t":"nan","u":"21.5C"}
///     {"t":,"u":1}           {"t":"","u":1}
///     {"t":1,"t":2}          {"t":"1 and 2"}; two that say the same are one
///     {"t":1,}               {"t":1}
///     "K\xfcche"             "K\\xfcche": a byte that is no UTF-8
///
/// For text that arrives as it was sent; on a wire with noise such a line is worth nothing. What
/// cannot be mended ({"t":21,5}) stays as it is.
std::string mended_json(std::string_view json);

}  // namespace drivers
