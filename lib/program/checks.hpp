#pragma once

#include <string>
#include <vector>

#include "base/clock.hpp"
#include "broker/paho_connection.hpp"

// What the programs' `test` verbs have in common.
namespace program {

/// Prints one line for a person; returns `is_good`.
bool print_check(bool is_good, const std::string& what);

/// What came of an attempt to connect.
struct BrokerTrial {
    bool is_good = false;
    std::string outcome;  // "connected", or why not and what to do.
};

/// Connects to the broker as a guest: leaves no will, receives no message, and does not push the
/// program aside that runs with these options. Lasts as long as it takes to know why not, at most
/// about three times the options' connect_timeout.
BrokerTrial try_broker(broker::PahoOptions options, const base::Clock& clock);

/// Tries it and prints the outcome, with a note for each secret that is open to everybody.
bool check_broker(const broker::PahoOptions& options, const base::Clock& clock);

/// Prints what a person should know, though nothing is wrong.
void print_notes(const std::vector<std::string>& notes);

/// The files of these options that hold a secret.
std::vector<std::string> secrets_of(const broker::PahoOptions& options);

}  // namespace program
