#include "central/jobs/scheduler/scheduler.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/log.hpp"
#include "central/jobs/core/lock.hpp"

namespace jobs {

namespace {

constexpr base::Duration kLookEvery = std::chrono::seconds{1};

/// How often the journal is read: others run jobs, too. And how long a job rests that could not
/// even begin.
constexpr base::Duration kRefreshEvery = std::chrono::minutes{1};

/// Times that a database may be away before a job is said to fail.
constexpr int kUnreadMax = 5;

/// A run from further ahead was noted by a clock that was wrong: it must not keep jobs away.
constexpr base::Duration kAheadMax = std::chrono::hours{24};

/// How often one that died runs again for one time at which it was due.
constexpr std::uint64_t kDeathsMax = 3;

}  // namespace

Scheduler::Scheduler(std::vector<JobSpec> specs, Journal& journal, Launch launch,
                     base::Counters& counters)
    : specs_(std::move(specs)), journal_(journal), launch_(std::move(launch)), counters_(counters) {
    for (const auto& spec : specs_) {
        plans_.push_back({.job = spec.name, .kind = spec.kind, .schedule = spec.schedule});
    }
}

void Scheduler::tick(base::Instant now, base::EventTime time) {
    if (specs_.empty()) return;
    watch(now, time);
    if (running_ || now < look_at_) return;
    look_at_ = now + kLookEvery;
    if (now >= refresh_at_) refresh(now, time);
    look(now, time);
}

void Scheduler::watch(base::Instant now, base::EventTime time) {
    if (!running_) return;
    if (const auto code = running_->child.exit_code()) return end_run(*code, now, time);
    if (running_->is_killed || now - running_->since < running_->spec->time_max) return;
    base::log_error("a job takes too long, and is ended", {{"job", running_->spec->name}});
    running_->is_killed = true;
    running_->child.kill_group();
}

void Scheduler::end_run(int code, base::Instant now, base::EventTime time) {
    const auto ended = std::exchange(running_, std::nullopt);
    const auto& spec = *ended->spec;
    counters_
        .counter("leat_central_job_runs_total", "Scheduled runs of jobs, by what became of them.",
                 {{"job", spec.name}, {"status", code == 0 ? "ok" : "failed"}})
        .add();
    refresh(now, time);
    auto& state = states_[spec.name];
    if (code == 0) return state.trouble.clear();
    const bool is_noted = !state.runs.empty() && state.runs.front().started >= ended->started;
    if (!is_noted) return note_trouble(spec, now, ended->child.last_words());
    base::log_error("a job failed", {{"job", spec.name}, {"reason", state.runs.front().error}});
    state.trouble.clear();
}

/// A job whose runs cannot be read does not run. While the database is away for minutes that is one
/// trouble, and not one of each job.
void Scheduler::refresh(base::Instant now, base::EventTime time) {
    refresh_at_ = now + kRefreshEvery;
    for (const auto& spec : specs_) {
        auto& state = states_[spec.name];
        const auto read = refresh(spec, state, time);
        if (read && !state.is_known) state.trouble.clear();
        state.is_known = bool{read};
        state.unread = read ? 0 : state.unread + 1;
        if (read) continue;
        const bool may_pass = read.error().fault == base::Fault::transient;
        if (!may_pass || state.unread > kUnreadMax) {
            note_trouble(spec, now, read.error().detail);
        }
    }
}

/// A run without an end that nobody is at has died.
base::Status Scheduler::refresh(const JobSpec& spec, State& state, base::EventTime time) {
    const RunRange range{
        .job = spec.name, .only_whole = true, .runs_max = spec.retries + kDeathsMax + 2};
    auto runs = journal_.runs(range);
    if (!runs) return runs.error();
    if (!runs.value().empty() && runs.value().front().status == RunStatus::running) {
        if (const auto hold = journal_.hold(spec.name)) {
            const auto closed = journal_.close_interrupted(spec.name, time);
            if (!closed) return closed.error();
            runs = journal_.runs(range);
            if (!runs) return runs.error();
        }
    }
    state.runs = std::move(runs).value();
    return base::Done{};
}

void Scheduler::look(base::Instant now, base::EventTime time) {
    for (const auto& spec : specs_) {
        auto& state = states_[spec.name];
        if (!spec.schedule || !state.is_known || now < state.resume_at) continue;
        if (!is_due(spec, state, time)) continue;
        auto started = launch_(spec.name);
        if (!started) {
            note_trouble(spec, now, started.error().detail);
            continue;
        }
        base::log_info("a job starts", {{"job", spec.name}});
        running_.emplace(Running{
            .spec = &spec, .child = std::move(started).value(), .since = now, .started = time});
        return;
    }
}

void Scheduler::note_trouble(const JobSpec& spec, base::Instant now, const std::string& reason) {
    auto& state = states_[spec.name];
    state.trouble = reason.empty() ? "it ended without a word" : reason;
    state.resume_at = now + kRefreshEvery;
    base::log_error("a job cannot run", {{"job", spec.name}, {"reason", state.trouble}});
}

/// Whatever a person ran as it is configured, since it was due, counts, too.
bool Scheduler::is_due(const JobSpec& spec, const State& state, base::EventTime time) {
    const auto due = spec.schedule->last_due(time);
    std::uint64_t failures = 0;
    std::uint64_t deaths = 0;
    std::optional<base::EventTime> rest_until;
    for (const auto& run : state.runs) {
        if (run.started < due || run.started > time + kAheadMax) continue;
        if (run.status == RunStatus::ok || run.status == RunStatus::running) return false;
        const bool has_died = run.status == RunStatus::interrupted;
        ++(has_died ? deaths : failures);
        const auto rest = has_died ? kRefreshEvery : spec.retry_after;
        const auto until = run.ended.value_or(run.started) + rest;
        rest_until = rest_until ? std::max(*rest_until, until) : until;
    }
    if (failures > spec.retries || deaths > kDeathsMax) return false;
    return !rest_until || time >= *rest_until;
}

std::vector<Scheduler::Failure> Scheduler::failures() const {
    std::vector<Failure> failures;
    for (const auto& spec : specs_) {
        const auto known = states_.find(spec.name);
        if (!spec.alert || known == states_.end()) continue;
        const auto& runs = known->second.runs;
        const auto& trouble = known->second.trouble;
        const auto ended = std::find_if(runs.begin(), runs.end(), [](const Run& run) {
            return run.status != RunStatus::running;
        });
        if (!trouble.empty()) {
            failures.push_back({.job = spec.name, .error = trouble});
        } else if (ended != runs.end() && ended->status != RunStatus::ok) {
            failures.push_back({.job = spec.name, .error = ended->error});
        }
    }
    return failures;
}

}  // namespace jobs
