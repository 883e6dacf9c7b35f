#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "central/jobs/core/journal.hpp"
#include "sqlite/database.hpp"
#include "sqlite/file_identity.hpp"

namespace sinks {

/// The runs of jobs in the file of a SqliteSink, on a connection of its own, beside a central that
/// may run. Keeps the newest 1 000 of each job. Faults: misconfigured when it is no database of
/// this version, transient while it is locked, exhausted when the disk is full.
class JobJournal final : public jobs::Journal {
  public:
    /// The file must be there: a SqliteSink makes it.
    explicit JobJournal(std::string path) : path_(std::move(path)), file_(path_) {}

    base::Result<std::int64_t> begin(const jobs::Run& run) override;
    base::Status end(const jobs::Run& run) override;
    base::Result<std::uint64_t> close_interrupted(const std::string& job,
                                                  base::EventTime now) override;
    base::Result<std::vector<jobs::Run>> runs(const jobs::RunRange& range) override;

  private:
    base::Status open();
    /// Passes the result on, and opens the file anew after an Error.
    template <class Value>
    base::Result<Value> trusted(base::Result<Value> result);

    std::string path_;
    sqlite::FileIdentity file_;
    std::optional<sqlite::Database> database_;
};

}  // namespace sinks
