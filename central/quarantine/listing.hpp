#pragma once

#include <string>
#include <vector>

#include "central/shell/table/table.hpp"
#include "central/sinks/quarantine/quarantine_list.hpp"

namespace quarantine {

/// A row a record: its number, when it came, its node, which record it is, and why it is there.
/// Programs get all that is known of it.
shell::Table table_of(const std::vector<sinks::QuarantinedLine>& lines);

/// All that is known of it, on several lines: each reading that was set aside with its time and
/// value, and the record itself. Foreign text in it cannot steer a terminal.
std::string details_of(const sinks::QuarantinedLine& line);

/// A row of table_of() as one line of JSON.
std::string json_of(const sinks::QuarantinedLine& line);

}  // namespace quarantine
