#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>

#include "base/clock.hpp"
#include "base/counters.hpp"
#include "central/api/completeness.hpp"
#include "central/api/event_log.hpp"
#include "central/api/node_presence.hpp"
#include "central/engine/changes.hpp"
#include "central/sinks/query.hpp"

namespace api {

struct PublisherOptions {
    base::Duration tick = std::chrono::seconds{1};
    std::size_t nodes_per_tick_max = 200;

    /// Windows waiting to be told; beyond it every reader is told to ask anew.
    std::size_t windows_max = 20'000;

    base::Duration watermark_bound = kWatermarkBound;  // The engine's.
};

/// Turns what was committed, and what the broker said of nodes, into events: at most one a second
/// for a node or a window, and one more for a window when the watermark passes it, as its state
/// changes then though its row does not. Says nothing while nobody could hear it.
class Publisher {
  public:
    Publisher(EventLog& log, sinks::Query& query, const NodePresences& presences,
              base::Counters& counters, PublisherOptions options = {});

    /// Call it after the commit, so that a reader who asks at once sees it too.
    void committed(const engine::Changes& changes);

    void presence_changed(const std::string& node) { waiting_[node]; }

    /// Publishes what waits, once a second.
    void tick(base::Instant now);

  private:
    using Windows = std::map<engine::WindowKey, engine::WindowRow>;

    void publish_node(const std::string& node, Windows windows, base::Instant now);
    void publish_windows(const engine::NodeRow& row, const std::vector<engine::SeriesRow>& series,
                         const Windows& windows, base::Instant now);
    /// Moves the node's open windows that the watermark has passed to `windows`.
    void take_passed(const std::string& node, base::EventTime watermark, Windows& windows);
    void remember_open(const engine::WindowKey& key, const engine::WindowRow& row);
    /// Nobody listens: only keeps in mind which windows are open, for who comes next.
    void follow_quietly();
    void give_up();
    const engine::NodeRow* row_of(const std::string& node);
    /// As Query::gaps, which is asked only of nodes that may have some.
    base::Result<std::vector<engine::GapRow>> gaps_of(const std::string& node, base::EventTime from,
                                                      base::EventTime to);

    EventLog& log_;
    sinks::Query& query_;
    const NodePresences& presences_;
    PublisherOptions options_;
    base::Counter& published_;
    base::Counter& resets_;
    std::map<std::string, engine::NodeRow> rows_;
    bool rows_loaded_ = false;
    std::set<std::string> gapless_;           // Nodes known to have no gaps at all.
    std::map<std::string, Windows> waiting_;  // By node; a node may wait without a window.
    std::size_t windows_waiting_ = 0;
    std::map<std::string, Windows> open_;  // By node: told as provisional.
    std::size_t windows_open_ = 0;
    std::string told_last_;  // Where the next tick goes on when there are too many nodes for one.
    std::optional<base::Instant> ticked_at_;
};

}  // namespace api
