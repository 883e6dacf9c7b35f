#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/counters.hpp"
#include "base/result.hpp"
#include "central/child/child.hpp"
#include "central/jobs/core/journal.hpp"
#include "central/jobs/settings/job_spec.hpp"

namespace jobs {

/// Starts jobs when they are due, each in a process of its own, one after the other. One that
/// should have run while central was down runs when it is up again, once; one that never ran runs
/// at once. What ran when is in the journal, so that a restart forgets nothing.
class Scheduler {
  public:
    /// Starts the process that carries out the job of that name, and notes it in the journal.
    using Launch = std::function<base::Result<child::Child>(const std::string& name)>;

    /// `database` is the path of the file that the jobs work on.
    Scheduler(std::vector<JobSpec> specs, std::string database, Journal& journal, Launch launch,
              base::Counters& counters);

    /// Never waits. `time` may jump.
    void tick(base::Instant now, base::EventTime time);

    /// The jobs whose newest run failed, of those that are to raise an alert: what is wrong with
    /// each, and what to do.
    std::vector<Run> failed() const;

  private:
    struct Running {
        const JobSpec* spec;
        child::Child child;
    };

    void await_running(base::Instant now);
    void refresh(base::Instant now, base::EventTime time);
    base::Status refresh(const JobSpec& spec, base::EventTime time);
    void look(base::Instant now, base::EventTime time);
    bool is_due(const JobSpec& spec, base::EventTime time) const;
    static void note_failure(const std::string& job, const std::string& reason);

    std::vector<JobSpec> specs_;
    std::string database_;
    Journal& journal_;
    Launch launch_;
    base::Counters& counters_;
    std::optional<Running> running_{};
    std::map<std::string, std::vector<Run>> newest_{};  // By job, the newest first.
    base::Instant refresh_at_{};
    base::Instant look_at_{};
};

}  // namespace jobs
