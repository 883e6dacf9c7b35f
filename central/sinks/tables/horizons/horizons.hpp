#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "central/sinks/tables/horizons/kept_windows.hpp"
#include "sql/database.hpp"

/// How far back windows are kept, by the name of their length: "1m". In the table meta, as
/// "kept_from:1m" with milliseconds since 1970.
namespace sinks {

/// Windows that begin before are given up; nothing when all are kept.
base::Result<std::optional<base::EventTime>> read_horizon(sql::Database& database,
                                                          const std::string& span);

/// Sets it, or moves it on; never back.
base::Status raise_horizon(sql::Database& database, const std::string& span,
                           base::EventTime before);

/// All windows of the length are kept again, as when the first is about to be made.
base::Status clear_horizon(sql::Database& database, const std::string& span);

/// As KeptWindows::remove_windows().
base::Result<RemovedWindows> remove_given_up(sql::Database& database, const std::string& span,
                                             std::int64_t from_series, std::size_t windows_max);

}  // namespace sinks
