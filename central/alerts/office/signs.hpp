#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "base/clock.hpp"
#include "central/alerts/core/moment.hpp"
#include "central/engine/changes.hpp"
#include "central/views/node_view.hpp"

namespace alerts {

struct SignsOptions {
    /// A node whose series have short periods is silent after this; else after three periods.
    base::Duration silent_after = std::chrono::minutes{20};

    /// Records that wait in an outbox; fewer are no backlog.
    std::uint64_t waiting_least = 1'000;

    /// Records set aside within an hour that are too many.
    std::size_t refused_least = 10;

    /// How long a sign of two nodes, or of records set aside, holds after the last one.
    base::Duration holds_for = std::chrono::hours{1};
};

/// What of a node only shows over a time, or in many records: that it is silent, that two have its
/// name, that its outbox grows, that ever more of its records are set aside. Does no I/O.
class Signs {
  public:
    explicit Signs(SignsOptions options) : options_(options) {}

    /// A node that was silent when the program ended is so until it is heard.
    void remember_silent(const std::string& node) { remembered_.insert(node); }

    void accept(const engine::Changes& committed, base::Instant now);

    /// `whole_since`: since when nothing has kept the node from being heard.
    views::NodeSigns of(const views::NodeView& view, std::optional<base::Instant> whole_since,
                        Moment now);

    void forget(const std::string& node);

  private:
    struct Waiting {
        base::Instant at;
        std::uint64_t records = 0;
    };
    struct Heard {
        base::EventTime stored_at;  // Of its last record.
        base::Instant at;           // When that was first seen.
    };
    struct Silent {
        base::EventTime stored_at;  // Of its last record.
        base::EventTime since;
    };
    struct Known {
        std::deque<wire::Incarnation> incarnations{};  // The newest first.
        std::optional<base::Instant> doubled_at{};
        std::deque<base::Instant> refused_at{};  // The newest first.
        std::string refused{};
        std::deque<Waiting> waiting{};  // The newest first.
        std::optional<Heard> heard{};
        std::optional<Silent> silent{};
        views::NodeSigns told{};
    };

    void accept_incarnation(Known& known, const wire::Incarnation& incarnation,
                            base::Instant now) const;
    void judge_silence(Known& known, const views::NodeView& view,
                       std::optional<base::Instant> whole_since, base::Instant now);
    bool is_growing(Known& known, const views::NodeView& view, base::Instant now) const;

    SignsOptions options_;
    std::map<std::string, Known> known_;
    std::set<std::string> remembered_;
};

}  // namespace alerts
