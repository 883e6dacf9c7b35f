#pragma once

#include <cstddef>
#include <string_view>

namespace base {

/// The longest beginning of at most `bytes_max` bytes that cuts no UTF-8 character in two.
std::string_view shortened(std::string_view text, std::size_t bytes_max);

}  // namespace base
