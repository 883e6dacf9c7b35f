#pragma once

#include <string>

#include "base/result.hpp"
#include "central/sinks/access/address.hpp"

namespace sinks {

/// Whether what stands at the path can be a database that we write; nothing there is good, too.
/// Misconfigured, with what to do, for a folder, a file of another kind, and one that this user may
/// not write.
base::Status check_path(const std::string& path);

/// Whether there is a database at all. For verbs that work on one: a new one would have nothing.
/// Misconfigured when there is none.
base::Status expect_database(const Address& address);

}  // namespace sinks
