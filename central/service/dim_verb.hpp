#pragma once

#include <string>

#include "base/result.hpp"
#include "central/sinks/access/address.hpp"
#include "program/command_line.hpp"

namespace central {

/// Reads the file and puts what it says of series or tags into the database at `path`, all or
/// nothing; prints what became of it. The detail of an Error has the file, and the line of each
/// mistake.
base::Status import_dimensions(const sinks::Address& path, const std::string& file);

/// `leat-central dim import FILE`; `config` is the option that names the configuration.
program::CommandVerb dim_verb(const program::CommandOption& config,
                              const program::CommandVerb::Action& action);

}  // namespace central
