#pragma once

#include <functional>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "central/shell/question.hpp"
#include "program/command_line.hpp"

namespace shell {

/// What a verb needs of the configuration.
struct Source {
    std::string database;
    base::Duration watermark_bound{};  // The engine's.
};

using Load = std::function<base::Result<Source>(const std::string& file)>;

/// Opens the database beside a central that may run, asks, and prints the answer in the one look
/// that all such verbs have; the exit code. Nothing to show is said on standard error, and is no
/// failure.
int look(const program::Command& command, const Load& load, const base::Clock& clock,
         const std::function<Answer(const Question&)>& ask);

}  // namespace shell
