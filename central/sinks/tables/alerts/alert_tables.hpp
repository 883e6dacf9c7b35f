#pragma once

#include <cstdint>
#include <vector>

#include "base/result.hpp"
#include "central/alerts/core/archive.hpp"
#include "central/alerts/core/book.hpp"
#include "sql/database.hpp"

namespace sinks {

/// What makes the tables alert, alert_delivery and silence and the view v_alerts.
extern const char* const kAlertTables;

base::Status write_alert(sql::Database& database, const alerts::Alert& alert);

/// Keeps the highest revision: what was delivered stays so.
base::Status write_delivery(sql::Database& database, const alerts::Delivery& delivery);

/// Drops the oldest alerts that have ended beyond so many, with their deliveries; gives how many.
base::Result<std::uint64_t> trim_alerts(sql::Database& database, std::uint64_t ended_max);

/// As Book::load(), Archive::list() and Book::silences().
base::Result<alerts::Kept> read_kept(sql::Database& database, base::EventTime since);
base::Result<std::vector<alerts::Listed>> read_alerts(sql::Database& database,
                                                      const alerts::AlertRange& range);
base::Result<std::vector<alerts::Silence>> read_silences(sql::Database& database,
                                                         base::EventTime now);

}  // namespace sinks
