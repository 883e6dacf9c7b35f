#pragma once

#include <functional>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "central/shell/table/verb_output.hpp"
#include "central/sinks/access/address.hpp"
#include "program/command_line.hpp"

namespace alerts {

/// The path of the database that a configuration file names.
using FindDatabase = std::function<base::Result<sinks::Address>(const std::string& file)>;

/// What `silence` asks for: `words` as they stand behind it.
struct SilenceRequest {
    std::string words{};   // "attic", "attic/climate.temperature", "*", "list", "end 3".
    std::string length{};  // "2h"
    std::string reason{};
    shell::Output output{};  // Of the list.
};

/// Does it in the database at `path`, beside a central that runs or without one, and prints what it
/// did. Misconfigured when the request cannot be understood.
base::Status carry_out(const SilenceRequest& request, const sinks::Address& path,
                       base::EventTime now);

/// The verb `silence NODE[/SERIES] --for 2h | list | end NUMBER`.
program::CommandVerb silence_verb(const program::CommandOption& config, FindDatabase find,
                                  const base::Clock& clock);

}  // namespace alerts
