#pragma once

#include <string>
#include <vector>

namespace drivers::serial {

/// How a board writes its lines, where that cannot be seen from them.
struct LineOptions {
    char decimal_mark = '.';  // Or a comma.

    /// The keys of a line of bare numbers, in order; "" for a column that is no reading. Empty: a
    /// line of bare numbers says nothing.
    std::vector<std::string> columns{};

    /// Keys that the settings name, and which therefore stay as they are: as they mean a reading, a
    /// device, or nothing (`ignored`).
    std::vector<std::string> named{};
    std::vector<std::string> ignored{};
};

}  // namespace drivers::serial
