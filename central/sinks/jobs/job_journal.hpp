#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <string>

#include "central/jobs/core/journal.hpp"
#include "central/sinks/access/address.hpp"
#include "sql/database.hpp"

namespace sinks {

/// The runs of jobs in the database of a sink, on a connection of its own, beside a central that
/// may run. With a server, a hold is a lock of this connection: when that is lost, nothing more is
/// written under it than the end of its run. Keeps the newest 1 000 of each job. Faults:
/// misconfigured when it is no database of this version, transient while it is locked, exhausted
/// when the disk is full.
class JobJournal final : public jobs::Journal {
  public:
    /// The tables must be there: a sink makes them.
    explicit JobJournal(Address address) : address_(std::move(address)) {}

    base::Result<std::unique_ptr<jobs::Hold>> hold(const std::string& job) override;
    base::Result<std::int64_t> begin(const jobs::Run& run) override;
    base::Status end(const jobs::Run& run) override;
    base::Result<std::uint64_t> close_interrupted(const std::string& job,
                                                  base::EventTime now) override;
    base::Result<std::vector<jobs::Run>> runs(const jobs::RunRange& range) override;

  private:
    class SessionHold;

    base::Status open();
    bool is_hold_lost() const;
    /// Passes the result on, and opens the file anew after an Error.
    template <class Value>
    base::Result<Value> trusted(base::Result<Value> result);

    Address address_;
    std::unique_ptr<sql::Database> database_;
    std::set<std::string> held_;  // The jobs whose holds are tied to the connection.
};

}  // namespace sinks
