#pragma once

#include <string>

#include "central/sinks/quarantine/quarantine_list.hpp"

namespace quarantine {

/// One line for a person: number, time, node, record, and why it is there. Foreign text in it
/// cannot steer a terminal.
std::string summary_of(const sinks::QuarantinedLine& line);

/// All that is known of it, on several lines: each reading that was set aside with its time and
/// value, and the record itself.
std::string details_of(const sinks::QuarantinedLine& line);

/// The same as one line of JSON.
std::string json_of(const sinks::QuarantinedLine& line);

}  // namespace quarantine
