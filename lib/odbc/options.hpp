#pragma once

#include <chrono>
#include <string>

#include "base/clock.hpp"

namespace odbc {

struct Options {
    /// "Driver=MariaDB Unicode;Server=db;Database=plant", or "DSN=plant". Without a password.
    std::string connection;
    std::string user;           // Empty: as the connection says.
    std::string password_file;  // Read at every open(); empty: without a password.
    base::Duration connect_timeout = std::chrono::seconds{10};

    /// For each statement, as far as the driver heeds it; whole seconds, at least one.
    base::Duration statement_timeout = std::chrono::seconds{60};
};

/// Whether text of that kind can be a connection: empty, or what is wrong with it, and what to
/// write. A password in it is wrong.
std::string connection_trouble(const std::string& connection);

}  // namespace odbc
