#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "central/jobs/sql/row_check.hpp"
#include "odbc/connection.hpp"

namespace jobs {

/// A run, as the other database is told of it.
struct LoggedRun {
    std::string job;
    std::string target;  // The table that gets the rows.
    base::EventTime started;
    std::int64_t selection = 0;  // A digest of what decides which rows go.
    bool is_whole = true;        // Brings, or brought, all that the job is for.
};

/// How it ended.
struct RunOutcome {
    bool is_ok = true;
    std::uint64_t records = 0;   // Written.
    std::uint64_t outdated = 0;  // There, and no longer true.
    Refusals refusals{};
    std::string error{};  // Also of a row that kept no other one back.
};

/// The table in the other database that says what ran: one row a run. By it a run also knows up to
/// when everything is there.
class RunLog {
  public:
    RunLog(odbc::Connection& connection, std::string table);

    const odbc::TableShape& table() const { return table_; }

    /// When the newest whole run of the job with the same selection began that succeeded; nothing
    /// when there is none. One that begins later than this one had a wrong clock.
    base::Result<std::optional<base::EventTime>> covered(const LoggedRun& run);

    /// Notes that it begins, and of those of the job that have no end that they were interrupted.
    base::Status begin(const LoggedRun& run);

    /// Notes its end, by the server's clock.
    base::Status end(const LoggedRun& run, const RunOutcome& outcome);

  private:
    std::string name() const;
    base::Status run(const std::string& sql, const std::vector<odbc::Value>& values);

    odbc::Connection& connection_;
    odbc::TableShape table_;
};

}  // namespace jobs
