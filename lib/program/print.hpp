#pragma once

#include <fmt/format.h>

#include <string_view>
#include <utility>

namespace program {

/// Writes text to standard output. Never throws and reports nothing: ask has_output_arrived().
void print_text(std::string_view text);

template <class... Values>
void print(fmt::format_string<Values...> format, Values&&... values) {
    print_text(fmt::format(format, std::forward<Values>(values)...));
}

/// Whether all that was printed so far was written. False on a full disk or a closed stream.
bool has_output_arrived();

}  // namespace program
