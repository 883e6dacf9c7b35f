#pragma once

#include <string>

#include "base/result.hpp"
#include "central/sinks/access/address.hpp"

namespace sinks {

/// Whether a commit that the server has acknowledged outlives a power cut there.
base::Result<bool> is_durable(sql::Database& database);

/// What there is at a server, in a sentence; or why it could not be used, and what to do.
base::Result<std::string> state_of(const Address& address);

}  // namespace sinks
