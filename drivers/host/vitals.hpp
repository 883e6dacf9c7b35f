#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.hpp"

/// The figures in /proc as numbers. The parsers are pure: text in, number out.
namespace drivers::host {

/// The first field of /proc/loadavg: processes that run or wait, averaged over a minute.
base::Result<double> parse_load(std::string_view loadavg);

/// 1 - MemAvailable / MemTotal of /proc/meminfo: what programs cannot get without swapping.
base::Result<double> parse_memory_used(std::string_view meminfo);

/// The number of "cpuN" lines of /proc/stat; 0 when there is none.
std::size_t count_processors(std::string_view stat);

/// The used share of a file system, as df shows it: root's reserve counts neither as used nor as
/// free.
base::Result<double> disk_used(const std::string& mount_point);

/// The content of a thermometer's file, millidegrees Celsius, in Cel.
base::Result<double> parse_millidegrees(std::string_view text);

/// At most 64 KiB of a file of /proc or /sys. Transient when it cannot be read.
base::Result<std::string> read_small_file(const std::string& path);

}  // namespace drivers::host
