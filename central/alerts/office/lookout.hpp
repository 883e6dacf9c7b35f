#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "central/alerts/core/moment.hpp"
#include "central/alerts/core/symptom.hpp"
#include "central/alerts/office/signs.hpp"
#include "central/engine/changes.hpp"
#include "central/sinks/query.hpp"
#include "central/views/node_presence.hpp"

namespace alerts {

struct LookoutOptions {
    SignsOptions signs{};

    /// How often each node is looked at although nothing of it has changed,
    base::Duration round = std::chrono::seconds{10};
    /// and how many are looked at in a step. With very many nodes a round takes longer.
    std::size_t nodes_max = 100;

    /// A step ends at once; it is shown for so long.
    base::Duration step_shown = std::chrono::minutes{10};
    std::size_t steps_max = 1'000;
};

/// Goes round all nodes and says what each needs: first those of which something has changed.
class Lookout {
  public:
    /// Notes what was noticed of a node, where the API finds it.
    using Note = std::function<void(const std::string& node, const views::NodeSigns& signs)>;

    Lookout(sinks::Query& query, const views::NodePresences& presences, Note note,
            LookoutOptions options);

    void accept(const engine::Changes& committed, base::Instant now);
    void accept_presence(const std::string& node) { due_.insert(node); }
    void remember_silent(const std::string& node) { signs_.remember_silent(node); }

    /// The nodes of this step, with what each needs. `others`: nodes that must be looked at even if
    /// nobody knows them any more.
    base::Result<std::map<std::string, std::vector<Symptom>>> look(
        const std::set<std::string>& others, std::optional<base::Instant> whole_since, Moment now);

  private:
    struct Step {
        Symptom symptom;
        base::Instant until;
    };

    base::Status begin_round(const std::set<std::string>& others, base::Instant now);
    base::Result<std::vector<Symptom>> needs(const std::string& node,
                                             std::optional<base::Instant> whole_since, Moment now);
    std::string next();

    sinks::Query& query_;
    const views::NodePresences& presences_;
    Note note_;
    LookoutOptions options_;
    Signs signs_;
    std::set<std::string> due_;    // Something of them has changed.
    std::set<std::string> round_;  // They are still to be looked at.
    std::optional<base::Instant> round_began_;
    std::map<detect::FindingKey, Step> steps_;
};

}  // namespace alerts
