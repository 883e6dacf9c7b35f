#pragma once

#include <string>

#include "base/clock.hpp"
#include "broker/paho_connection.hpp"

// What the programs' `test` verbs have in common.
namespace program {

/// Prints one line for a person; returns `is_good`.
bool print_check(bool is_good, const std::string& what);

/// Connects to the broker as a guest and prints whether that worked, and why not. A guest leaves no
/// will, receives no message, and does not push the program aside that runs with these options.
bool check_broker(broker::PahoOptions options, const base::Clock& clock);

}  // namespace program
