#include "central/jobs/scheduler/scheduler.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/log.hpp"
#include "central/jobs/core/lock.hpp"

namespace jobs {

namespace {

constexpr base::Duration kLookEvery = std::chrono::seconds{1};

/// How often the journal is read: others run jobs, too.
constexpr base::Duration kRefreshEvery = std::chrono::minutes{1};

/// A run from further ahead was noted by a clock that was wrong: it must not keep jobs away.
constexpr base::Duration kAheadMax = std::chrono::hours{24};

}  // namespace

Scheduler::Scheduler(std::vector<JobSpec> specs, std::string database, Journal& journal,
                     Launch launch, base::Counters& counters)
    : specs_(std::move(specs)),
      database_(std::move(database)),
      journal_(journal),
      launch_(std::move(launch)),
      counters_(counters) {
    std::erase_if(specs_, [](const JobSpec& spec) { return !spec.schedule; });
}

void Scheduler::tick(base::Instant now, base::EventTime time) {
    if (specs_.empty()) return;
    await_running(now);
    if (running_ || now < look_at_) return;
    look_at_ = now + kLookEvery;
    if (now >= refresh_at_) refresh(now, time);
    look(now, time);
}

void Scheduler::await_running(base::Instant now) {
    if (!running_) return;
    const auto code = running_->child.exit_code();
    if (!code) return;
    const auto& name = running_->spec->name;
    counters_
        .counter("leat_central_job_runs_total", "Scheduled runs of jobs, by what became of them.",
                 {{"job", name}, {"status", *code == 0 ? "ok" : "failed"}})
        .add();
    if (*code != 0) note_failure(name, running_->child.last_words());
    running_.reset();
    refresh_at_ = now;
    // One that fails before it can note so must not be started again and again.
    if (*code != 0) look_at_ = now + kRefreshEvery;
}

/// A job whose runs cannot be read does not run.
void Scheduler::refresh(base::Instant now, base::EventTime time) {
    refresh_at_ = now + kRefreshEvery;
    newest_.clear();
    for (const auto& spec : specs_) {
        const auto read = refresh(spec, time);
        if (!read) note_failure(spec.name, read.error().detail);
    }
}

/// A run without an end that nobody is at has died.
base::Status Scheduler::refresh(const JobSpec& spec, base::EventTime time) {
    const RunRange range{.job = spec.name, .runs_max = spec.retries + 2};
    auto runs = journal_.runs(range);
    if (!runs) return runs.error();
    if (!runs.value().empty() && runs.value().front().status == RunStatus::running) {
        if (const auto lock = RunLock::acquire(lock_path(database_, spec.name))) {
            const auto closed = journal_.close_interrupted(spec.name, time);
            if (!closed) return closed.error();
            runs = journal_.runs(range);
            if (!runs) return runs.error();
        }
    }
    newest_[spec.name] = std::move(runs).value();
    return base::Done{};
}

void Scheduler::look(base::Instant now, base::EventTime time) {
    for (const auto& spec : specs_) {
        if (!newest_.contains(spec.name) || !is_due(spec, time)) continue;
        auto started = launch_(spec.name);
        if (!started) {
            note_failure(spec.name, started.error().detail);
            look_at_ = now + kRefreshEvery;
            return;
        }
        base::log_info("a job starts", {{"job", spec.name}});
        running_.emplace(Running{.spec = &spec, .child = std::move(started).value()});
        return;
    }
}

/// Whatever a person ran since it was due counts, too.
bool Scheduler::is_due(const JobSpec& spec, base::EventTime time) const {
    const auto due = spec.schedule->last_due(time);
    std::uint64_t failures = 0;
    std::optional<base::EventTime> failed_at;
    for (const auto& run : newest_.at(spec.name)) {
        if (run.started < due || run.started > time + kAheadMax) continue;
        if (run.status == RunStatus::ok || run.status == RunStatus::running) return false;
        // What died is as good as not run; but one that dies again and again must end.
        ++failures;
        const auto ended = run.ended.value_or(run.started);
        failed_at = failed_at ? std::max(*failed_at, ended) : ended;
    }
    if (failures == 0) return true;
    return failures <= spec.retries && time >= *failed_at + spec.retry_after;
}

void Scheduler::note_failure(const std::string& job, const std::string& reason) {
    base::log_error("a job failed", {{"job", job}, {"reason", reason}});
}

std::vector<Run> Scheduler::failed() const {
    std::vector<Run> runs;
    for (const auto& spec : specs_) {
        const auto known = newest_.find(spec.name);
        if (!spec.alert || known == newest_.end() || known->second.empty()) continue;
        const auto& newest = known->second.front();
        if (newest.status == RunStatus::failed) runs.push_back(newest);
    }
    return runs;
}

}  // namespace jobs
