#include "central/jobs/core/runner.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/log.hpp"

namespace jobs {

namespace {

// Together more than a minute, and each of the last longer than a server that hung is not asked.
constexpr int kTries = 10;
constexpr base::Duration kFirstRest = std::chrono::milliseconds{500};
constexpr base::Duration kLongestRest = std::chrono::seconds{15};

void finish(Run& run, base::Result<Work> outcome, const Job& job, base::EventTime now) {
    run.ended = std::max(now, run.started);  // The clock may have been put back meanwhile.
    if (!outcome) {
        run.status = RunStatus::failed;
        run.error = outcome.error().detail;
        run.remedy = job.remedy();
        return;
    }
    auto work = std::move(outcome).value();
    run.status = RunStatus::ok;
    run.records = work.records;
    run.read = std::move(work.read);
    run.wrote = std::move(work.wrote);
}

/// Central may be writing, or a server be started again: what is done is worth some patience.
base::Status note_end(const Run& run, Journal& journal, const Pause& pause) {
    auto rest = kFirstRest;
    for (int tries = 1;; ++tries) {
        auto noted = journal.end(run);
        const bool may_help = !noted && noted.error().fault == base::Fault::transient;
        if (!may_help || tries == kTries) return noted;
        pause(rest);
        rest = std::min(2 * rest, kLongestRest);
    }
}

/// Asks the hold before anything is written.
class Watched final : public Progress {
  public:
    Watched(Progress& progress, Hold& hold) : progress_(progress), hold_(hold) {}

    void report(std::uint64_t done, std::uint64_t total) override { progress_.report(done, total); }
    base::Status may_write() override { return hold_.check(); }

  private:
    Progress& progress_;
    Hold& hold_;
};

}  // namespace

base::Result<Run> carry_out(const Ticket& ticket, Job& job, const Order& order, Journal& journal,
                            const base::Clock& clock, Progress& progress, const Pause& pause) {
    const auto hold = journal.hold(ticket.name);
    if (!hold) return hold.error();
    Run run{.job = ticket.name,
            .kind = ticket.kind,
            .started = clock.event_time(),
            .is_whole = order.is_whole(),
            .is_scheduled = ticket.is_scheduled};
    if (!order.is_dry) {
        const auto closed = journal.close_interrupted(ticket.name, run.started);
        if (!closed) return closed.error();
        if (closed.value() > 0) {
            base::log_warn("a run of the job had died", {{"job", ticket.name}});
        }
        const auto id = journal.begin(run);
        if (!id) return id.error();
        run.id = id.value();
    }
    Watched watched{progress, *hold.value()};
    auto outcome = job.run(order, run.started, watched);
    finish(run, std::move(outcome), job, clock.event_time());
    if (order.is_dry) return run;
    if (auto noted = note_end(run, journal, pause); !noted) return noted.error();
    return run;
}

}  // namespace jobs
