#pragma once

#include "base/result.hpp"
#include "central/api/facts.hpp"
#include "central/shell/table/table.hpp"
#include "drivers/tables/time_zone.hpp"
#include "program/command_line.hpp"

namespace shell {

/// What a person asks at a shell, and what the answer is made from: the same that the API has,
/// without the broker's word on who is there.
struct Question {
    api::Facts facts;
    const drivers::tables::TimeZone& zone;
    const program::Command& command;
};

/// A table, or what to write instead.
using Answer = base::Result<Table>;

// One a verb. Each only reads.
Answer list_nodes(const Question& question);
Answer list_series(const Question& question);
Answer list_latest(const Question& question);
Answer list_windows(const Question& question);
Answer list_readings(const Question& question);
Answer trace(const Question& question);

}  // namespace shell
