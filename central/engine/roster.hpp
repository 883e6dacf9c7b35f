#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "central/detect/core/glimpse.hpp"
#include "central/detect/limits/limits.hpp"
#include "central/detect/watch/watch.hpp"
#include "central/engine/changes.hpp"
#include "central/engine/memory.hpp"
#include "central/validation/rule.hpp"

namespace engine {

/// The detectors of a series, and what they know of it.
struct Watched {
    detect::Subject subject;
    detect::limits::Rule rule;
    detect::Watch watch;
    bool is_changed = false;
};

/// A series in use. `id` counts from 0 and is good until forget().
struct Series {
    std::uint32_t id = 0;
    SeriesRow row;
    bool changed = false;
    std::unique_ptr<const validation::Rule> rule{};  // Null when there is none for it, or
    bool is_rule_known = false;                      // when nobody has looked yet.
    std::vector<base::EventTime>
        open{};                          // Starts of windows that wait for the watermark, in order.
    std::unique_ptr<Watched> watched{};  // Null until the first of them is judged.
};

inline bool is_declared(const SeriesRow& row) {
    const auto& declared = row.declared;
    return !declared.quantity.empty() || !declared.unit.empty() || !declared.driver.empty();
}

/// A node in use, with all its series.
struct Node {
    NodeRow row;
    std::map<std::string, Series*, std::less<>> series;
    bool changed = false;
};

/// The nodes and series in use, and what is known of them. Reads a node with all its series from
/// the memory when it is first needed.
class Roster {
  public:
    explicit Roster(Memory& memory) : memory_(memory) {}

    /// The node of that name; a new one when it is not known yet.
    base::Result<Node*> node(const std::string& name);

    /// The node when it is in use, else null; never reads.
    const Node* find(std::string_view name) const;

    /// The node's series of that name, added when it is new; null when the node has `series_max`
    /// already.
    Series* series(Node& node, const std::string& name, std::size_t series_max);

    const Series& at(std::uint32_t id) const { return series_[id]; }

    void touch(Node& node);
    void touch(Series& series);

    std::size_t nodes() const { return nodes_.size(); }

    /// Moves out what changed; from now on it counts as committed.
    void take_changes(Changes& changes);

    void forget();

  private:
    Series& add(Node& node, SeriesRow row);

    Memory& memory_;
    std::map<std::string, Node, std::less<>> nodes_;
    std::deque<Series> series_;
    std::vector<Node*> changed_nodes_;
    std::vector<Series*> changed_series_;
};

}  // namespace engine
