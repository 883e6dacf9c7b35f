#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "base/clock.hpp"
#include "central/engine/states/stretch.hpp"

namespace engine {

/// The stretches of a series in one hour: disjoint, in order, at most kStretchesMax. What it holds
/// does not depend on the order in which readings come, as far as it is exact: readings that come
/// between others never join those behind them, so that still others can come between.
class Sheet {
  public:
    /// More than one a second.
    static constexpr std::size_t kStretchesMax = 4'096;

    Sheet() = default;
    explicit Sheet(std::vector<Stretch> stretches) : stretches_(std::move(stretches)) {}

    /// Adds readings of this hour. They join equal ones that were at most `bridge` before them.
    /// Where they fall among others of another value, nobody knows any more what was when: those
    /// and these become one that is not exact. True when there are too many: then all become one.
    bool add(const Stretch& added, base::Duration bridge);

    const std::vector<Stretch>& stretches() const { return stretches_; }

    /// The beginning of the first stretch that changed, or of one that is gone; nothing when none
    /// did since forget_changes().
    std::optional<base::EventTime> changed_from() const { return changed_from_; }
    void forget_changes() { changed_from_.reset(); }

  private:
    using Place = std::vector<Stretch>::iterator;

    void insert(Place place, const Stretch& added, base::Duration bridge);
    void unite(Place first, Place end, const Stretch& added);
    void note(base::EventTime from);

    std::vector<Stretch> stretches_;
    std::optional<base::EventTime> changed_from_;
};

}  // namespace engine
