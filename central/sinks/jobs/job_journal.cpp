#include "central/sinks/jobs/job_journal.hpp"

#include <utility>

#include "central/sinks/tables/jobs/job_tables.hpp"
#include "central/sinks/tables/schema.hpp"

namespace sinks {

namespace {

constexpr std::uint64_t kRunsMax = 1'000;

}  // namespace

base::Status JobJournal::open() {
    if (database_ && !file_.is_lost()) return base::Done{};
    database_.reset();
    file_ = sqlite::FileIdentity{path_};
    auto opened = open_current(path_);
    if (!opened) return opened.error();
    database_.emplace(std::move(opened).value());
    return base::Done{};
}

template <class Value>
base::Result<Value> JobJournal::trusted(base::Result<Value> result) {
    if (!result) database_.reset();
    return result;
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
