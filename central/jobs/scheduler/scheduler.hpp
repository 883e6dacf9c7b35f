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
#include "central/jobs/core/plan.hpp"
#include "central/jobs/settings/job_spec.hpp"

namespace jobs {

/// Looks at what became of all jobs, and starts those that are due, each in a process of its own,
/// one after the other. One that should have run while central was down runs when it is up again,
/// once; one that never ran runs at once, and one that died runs again. What ran when is in the
/// journal, so that a restart forgets nothing. A run of another time or place than configured takes
/// the place of none.
class Scheduler {
  public:
    /// Starts the process that carries out the job of that name, and notes it in the journal.
    using Launch = std::function<base::Result<child::Child>(const std::string& name)>;

    Scheduler(std::vector<JobSpec> specs, Journal& journal, Launch launch,
              base::Counters& counters);

    /// The jobs, in the order of the configuration.
    const std::vector<Plan>& plans() const { return plans_; }

    /// Never waits. `time` may jump.
    void tick(base::Instant now, base::EventTime time);

    /// What went wrong last with a job, of those that are to raise an alert.
    struct Failure {
        std::string job;
        std::string error;
    };
    std::vector<Failure> failures() const;

  private:
    struct Running {
        const JobSpec* spec;
        child::Child child;
        base::Instant since;
        base::EventTime started;
        bool is_killed = false;
    };

    /// What is known of a job.
    struct State {
        std::vector<Run> runs{};    // Whole ones, the newest first; as many as matter.
        bool is_known = false;      // They could be read.
        int unread = 0;             // How often in a row they could not.
        base::Instant resume_at{};  // Not before; others take their turn meanwhile.
        std::string trouble{};      // What no row tells: it could not start, or not note it.
    };

    void watch(base::Instant now, base::EventTime time);
    void end_run(int code, base::Instant now, base::EventTime time);
    void refresh(base::Instant now, base::EventTime time);
    base::Status refresh(const JobSpec& spec, State& state, base::EventTime time);
    void look(base::Instant now, base::EventTime time);
    void note_trouble(const JobSpec& spec, base::Instant now, const std::string& reason);
    static bool is_due(const JobSpec& spec, const State& state, base::EventTime time);

    std::vector<JobSpec> specs_;
    std::vector<Plan> plans_;
    Journal& journal_;
    Launch launch_;
    base::Counters& counters_;
    std::optional<Running> running_{};
    std::map<std::string, State> states_{};  // By job.
    base::Instant refresh_at_{};
    base::Instant look_at_{};
};

}  // namespace jobs
