#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>

#include "base/clock.hpp"
#include "base/counters.hpp"
#include "central/engine/changes.hpp"
#include "central/engine/quality/declared_gaps.hpp"
#include "central/engine/watermark.hpp"
#include "central/live/event_log.hpp"
#include "central/sinks/query.hpp"
#include "central/views/node_presence.hpp"
#include "central/views/surroundings.hpp"

namespace live {

struct PublisherOptions {
    base::Duration tick = std::chrono::seconds{1};
    std::size_t nodes_per_tick_max = 200;

    /// Windows that wait to be published. When there are more, every reader must ask again.
    std::size_t windows_max = 20'000;

    /// Nodes that wait. When there are more, every reader must ask again.
    std::size_t nodes_waiting_max = 20'000;

    base::Duration watermark_bound = engine::kWatermarkBound;  // The engine's.
};

/// Turns commits, and what the broker says of nodes, into events: at most one a second for each
/// node and each window. A window gets one more when the watermark passes it, because its state
/// changes then although its row does not. A finding is published whenever it changes. Publishes
/// nothing while nobody can read it.
class Publisher {
  public:
    Publisher(EventLog& log, sinks::Query& query, const views::NodePresences& presences,
              base::Counters& counters, PublisherOptions options = {});

    /// Accepts what a commit changed. Call it after the commit, so that a reader who asks at once
    /// sees it too.
    void accept(const engine::Changes& changes);

    /// The broker said something new of the node.
    void accept_presence(const std::string& node);

    /// Publishes what waits, once a second. Nodes are shown where they are at `time`.
    void tick(base::Instant now, base::EventTime time);

  private:
    using Windows = std::map<engine::WindowKey, engine::WindowRow>;

    void publish_node(const std::string& node, Windows windows, base::Instant now,
                      base::EventTime time);
    void publish_findings(base::Instant now);
    void publish_windows(const engine::NodeRow& row, const std::vector<engine::SeriesRow>& series,
                         const Windows& windows, base::Instant now);
    /// Windows of one series, each at most an hour after the one before, to be judged together.
    struct Run {
        const engine::SeriesRow& series;
        Windows::const_iterator begin;
        Windows::const_iterator end;
    };
    static Windows::const_iterator end_of_run(const Windows& windows,
                                              Windows::const_iterator begin);
    bool publish_run(const Run& run, const engine::NodeRow& node, const engine::DeclaredGaps& gaps,
                     base::Instant now);
    base::Result<views::Surroundings> surroundings_of(const Run& run,
                                                      std::optional<base::EventTime> watermark);
    /// Moves the node's open windows that the watermark has passed to `windows`.
    void move_passed(const std::string& node, std::optional<base::EventTime> watermark,
                     Windows& windows);
    /// The same of all open ones when the node has left or is back, as that is a cause of theirs.
    void move_open_when_absence_changes(const std::string& node,
                                        const views::NodePresence* presence, Windows& windows);
    void keep_open(const engine::WindowKey& key, const engine::WindowRow& row);
    /// While nobody reads: only keeps up which windows are open, for the next reader.
    void follow_quietly();
    void give_up();
    const engine::NodeRow* row_of(const std::string& node);
    /// The gaps that explain windows of that range. Asks only for nodes that may have gaps.
    base::Result<std::vector<engine::GapRow>> gaps_of(const std::string& node, base::EventTime from,
                                                      base::EventTime to);

    EventLog& log_;
    sinks::Query& query_;
    const views::NodePresences& presences_;
    PublisherOptions options_;
    base::Counter& published_;
    base::Counter& resets_;
    std::map<std::string, engine::NodeRow> rows_;
    bool rows_loaded_ = false;
    std::set<std::string> gapless_;           // Nodes known to have no gaps at all.
    std::map<std::string, Windows> waiting_;  // By node; a node may wait without a window.
    std::size_t windows_waiting_ = 0;
    std::map<detect::FindingKey, detect::Finding> findings_;
    std::map<std::string, Windows> open_;  // By node: published as provisional.
    std::size_t windows_open_ = 0;
    std::set<std::string> away_;  // Nodes that were away when they were last published.
    std::string published_last_;  // The node after which the next tick goes on.
    std::optional<base::Instant> ticked_at_;
};

}  // namespace live
