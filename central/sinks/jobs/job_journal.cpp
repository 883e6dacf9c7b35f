#include "central/sinks/jobs/job_journal.hpp"

#include <utility>

#include "central/sinks/tables/jobs/job_tables.hpp"
#include "central/sinks/tables/schema.hpp"
#include "postgres/database.hpp"

namespace sinks {

namespace {

constexpr std::uint64_t kRunsMax = 1'000;

std::string lock_of(const std::string& job) {
    return "job:" + job;
}

base::Error hold_lost(const Address& address) {
    return {base::Fault::transient,
            address.text() + ": the connection that kept other runs out is lost"};
}

}  // namespace

base::Status JobJournal::open() {
    if (database_ && !database_->is_lost()) return base::Done{};
    if (is_hold_lost()) return hold_lost(address_);
    database_.reset();
    auto opened = open_current(address_);
    if (!opened) return opened.error();
    database_ = std::move(opened).value();
    return base::Done{};
}

bool JobJournal::is_hold_lost() const {
    return !held_.empty() && (!database_ || database_->is_lost());
}

template <class Value>
base::Result<Value> JobJournal::trusted(base::Result<Value> result) {
    // A hold is of the connection: as long as that is there it is kept, too.
    if (!result && (held_.empty() || database_->is_lost())) database_.reset();
    return result;
}

/// A lock of the server's, which ends with the connection.
class JobJournal::SessionHold final : public jobs::Hold {
  public:
    SessionHold(JobJournal& journal, std::string job) : journal_(journal), job_(std::move(job)) {
        journal_.held_.insert(job_);
    }
    ~SessionHold() override {
        journal_.held_.erase(job_);
        if (!journal_.database_) return;
        const auto freed = postgres::release(*journal_.database_, lock_of(job_));
        if (!freed) journal_.database_.reset();  // The lock goes with the connection.
    }
    SessionHold(const SessionHold&) = delete;
    SessionHold& operator=(const SessionHold&) = delete;

    /// Asks the server: a connection that seems to be there may be lost.
    base::Status check() override {
        if (auto opened = journal_.open(); !opened) return opened;
        const auto answered = journal_.trusted(journal_.database_->number("SELECT 1"));
        if (answered) return base::Done{};
        return journal_.is_hold_lost() ? hold_lost(journal_.address_) : answered.error();
    }

  private:
    JobJournal& journal_;
    std::string job_;
};

base::Result<std::unique_ptr<jobs::Hold>> JobJournal::hold(const std::string& job) {
    using Held = std::unique_ptr<jobs::Hold>;
    if (!address_.is_server()) {
        auto lock = jobs::RunLock::acquire(jobs::lock_path(address_.text(), job));
        if (!lock) return lock.error();
        return Held{std::move(lock).value()};
    }
    if (auto opened = open(); !opened) return opened.error();
    const base::Error busy{base::Fault::transient, "it is running already"};
    if (held_.contains(job)) return busy;  // The server would give it to this connection again.
    const auto held = trusted(postgres::hold(*database_, lock_of(job)));
    if (!held) return held.error();
    if (!held.value()) return busy;
    return Held{std::make_unique<SessionHold>(*this, job)};
}

base::Result<std::int64_t> JobJournal::begin(const jobs::Run& run) {
    if (auto opened = open(); !opened) return opened.error();
    if (auto trimmed = trusted(trim_runs(*database_, run.job, kRunsMax - 1)); !trimmed) {
        return trimmed.error();
    }
    return trusted(insert_run(*database_, run));
}

/// A run that has lost its hold says so in its own row, on a connection for this alone.
base::Status JobJournal::end(const jobs::Run& run) {
    if (is_hold_lost()) {
        const auto apart = open_current(address_);
        if (!apart) return apart.error();
        return update_run(*apart.value(), run);
    }
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
