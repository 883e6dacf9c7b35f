#pragma once

#include <libpq-fe.h>

#include <string>

#include "base/result.hpp"

namespace postgres {

/// What the server's answer means for the caller, and what to do about it.
base::Error error_of(const PGresult* answer, const std::string& server);

/// Why a connection could not be made, or failed: transient, whatever it was.
base::Error connection_error(const PGconn* connection, const std::string& server);

/// Without the lines' ends that libpq puts behind its messages.
std::string one_line(const char* text);

}  // namespace postgres
