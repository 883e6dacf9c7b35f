#pragma once

#include <functional>
#include <string>

#include "base/clock.hpp"
#include "central/service/config.hpp"

namespace central {

/// Whether a person agrees to what the question says.
using Agree = std::function<bool(const std::string& question)>;

/// Removes everything that Redis, the database and the broker have of a node ("attic"), or what the
/// database has of one of its series ("attic/climate.temperature"), and prints what. Asks first. A
/// node that comes back afterwards is new. Misconfigured while a central runs with this
/// database; transient, with nothing removed, while Redis is away. What the broker could not be
/// told is printed with the command that does it.
base::Status forget(const Config& config, const base::Clock& clock, const std::string& subject,
                    const Agree& agree);

}  // namespace central
