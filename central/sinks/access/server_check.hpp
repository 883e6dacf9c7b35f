#pragma once

#include <string>

#include "base/result.hpp"
#include "central/sinks/access/address.hpp"

namespace sinks {

/// What there is at a server, in a sentence; or why it could not be used, and what to do.
base::Result<std::string> state_of(const Address& address);

}  // namespace sinks
