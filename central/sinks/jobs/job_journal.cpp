#include "central/sinks/jobs/job_journal.hpp"

#include <utility>

#include "central/sinks/tables/jobs/job_tables.hpp"
#include "central/sinks/tables/schema.hpp"
#include "postgres/database.hpp"

namespace sinks {

namespace {

constexpr std::uint64_t kRunsMax = 1'000;

}  // namespace

base::Status JobJournal::open() {
    if (database_ && !database_->is_lost()) return base::Done{};
    if (holds_ > 0) {
        return base::Error{base::Fault::transient,
                           address_.text() + ": the connection that kept other runs out is lost"};
    }
    database_.reset();
    auto opened = open_current(address_);
    if (!opened) return opened.error();
    database_ = std::move(opened).value();
    return base::Done{};
}

template <class Value>
base::Result<Value> JobJournal::trusted(base::Result<Value> result) {
    // A hold is of the connection: as long as that is there it is kept, too.
    if (!result && (holds_ == 0 || database_->is_lost())) database_.reset();
    return result;
}

/// A lock of the server's, which ends with the connection.
class JobJournal::SessionHold final : public jobs::Hold {
  public:
    SessionHold(JobJournal& journal, std::string name) : journal_(journal), name_(std::move(name)) {
        ++journal_.holds_;
    }
    ~SessionHold() override {
        --journal_.holds_;
        if (!journal_.database_) return;
        [[maybe_unused]] const auto freed = postgres::release(*journal_.database_, name_);
    }
    SessionHold(const SessionHold&) = delete;
    SessionHold& operator=(const SessionHold&) = delete;

    /// Asks the server: a connection that seems to be there may be lost.
    base::Status check() override {
        if (auto opened = journal_.open(); !opened) return opened;
        const auto answered = journal_.trusted(journal_.database_->number("SELECT 1"));
        if (!answered) return answered.error();
        return base::Done{};
    }

  private:
    JobJournal& journal_;
    std::string name_;
};

base::Result<std::unique_ptr<jobs::Hold>> JobJournal::hold(const std::string& job) {
    using Held = std::unique_ptr<jobs::Hold>;
    if (!address_.is_server()) {
        auto lock = jobs::RunLock::acquire(jobs::lock_path(address_.text(), job));
        if (!lock) return lock.error();
        return Held{std::move(lock).value()};
    }
    if (auto opened = open(); !opened) return opened.error();
    const auto name = "job:" + job;
    const auto held = trusted(postgres::hold(*database_, name));
    if (!held) return held.error();
    if (!held.value()) return base::Error{base::Fault::transient, "it is running already"};
    return Held{std::make_unique<SessionHold>(*this, name)};
}

base::Result<std::int64_t> JobJournal::begin(const jobs::Run& run) {
    if (auto opened = open(); !opened) return opened.error();
    if (auto trimmed = trusted(trim_runs(*database_, run.job, kRunsMax - 1)); !trimmed) {
        return trimmed.error();
    }
    return trusted(insert_run(*database_, run));
}

base::Status JobJournal::end(const jobs::Run& run) {
    if (auto opened = open(); !opened) return opened.error();
    return trusted(update_run(*database_, run));
}

base::Result<std::uint64_t> JobJournal::close_interrupted(const std::string& job,
                                                          base::EventTime now) {
    if (auto opened = open(); !opened) return opened.error();
    return trusted(close_runs(*database_, job, now));
}

base::Result<std::vector<jobs::Run>> JobJournal::runs(const jobs::RunRange& range) {
    if (auto opened = open(); !opened) return opened.error();
    return trusted(read_runs(*database_, range));
}

}  // namespace sinks
