#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace odbc {

/// What a driver or its server says of a call that failed.
struct Diagnosis {
    std::string state;    // SQLSTATE, five characters: "28000".
    int native = 0;       // The server's own number.
    std::string message;  // In the server's words.
};

/// The error for the caller. Transient: the server is away, busy, or gave up waiting.
/// Misconfigured: a person must install a driver, correct the connection, make a table, or grant a
/// right. Malformed: what was sent cannot be stored. Exhausted: no room at the server. The detail
/// has the state, the message and what to do. `doing` begins it: "connect to MariaDB"; `connection`
/// is what was asked for, to say which driver is missing.
base::Error explain(const Diagnosis& diagnosis, std::string_view doing,
                    std::string_view connection = {});

/// The text with stars in place of the secret.
std::string without(std::string text, const std::string& secret);

}  // namespace odbc
