#pragma once

#include <vector>

#include "base/result.hpp"
#include "central/shell/table/table.hpp"
#include "drivers/tables/time_zone.hpp"
#include "program/command_line.hpp"

namespace shell {

/// How a verb's answer is wanted: for people, unless something else is said.
struct Output {
    drivers::tables::TimeZone zone{};
    bool is_json = false;
    bool is_csv = false;
};

/// The options that every verb has which shows a table: --zone, --json and --csv.
std::vector<program::CommandOption> output_options();

/// What they say. Misused when they contradict one another, or nobody knows the zone.
base::Result<Output> output_of(const program::Command& command);

/// Prints the table, and on standard error what people must know beside it: that there is nothing,
/// or more.
void print(const Table& table, const Output& output);

}  // namespace shell
