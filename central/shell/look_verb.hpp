#pragma once

#include <functional>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "central/shell/question.hpp"
#include "central/shell/table/verb_output.hpp"
#include "central/sinks/access/address.hpp"
#include "program/command_line.hpp"

namespace shell {

/// What a verb needs of the configuration.
struct Source {
    sinks::Address database;
    base::Duration watermark_bound{};  // The engine's.
};

using Load = std::function<base::Result<Source>(const std::string& file)>;

/// Work with a database, and how its outcome is to be printed.
using Work = std::function<base::Status(const Question& question, const Output& output)>;

/// Opens the database beside a central that may run, and works with it; the exit code.
int with_database(const program::Command& command, const Load& load, const base::Clock& clock,
                  const Work& work);

/// Asks it, and prints the answer in the one look that all such verbs have. Nothing to show is said
/// on standard error, and is no failure.
int look(const program::Command& command, const Load& load, const base::Clock& clock,
         const std::function<Answer(const Question&)>& ask);

}  // namespace shell
