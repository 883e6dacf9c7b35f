#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/clock.hpp"
#include "central/engine/states/holding.hpp"
#include "central/engine/states/stretch.hpp"

namespace engine {

/// What a series was over a span of time. Each is nothing where it was not known throughout.
struct Share {
    std::optional<base::Duration> on{};          // How long it was not 0.
    std::optional<std::uint64_t> transitions{};  // Readings that differ from what held before.
    std::optional<double> mean{};                // Each value weighs as long as it held.
};

/// The course of a series over time, of its stretches: a reading holds until the next one, but no
/// longer than its reach, nor on from where readings are gone. Only what was elapsed and known
/// counts: time before the first reading of the series, or after `end`, is in no share.
class Course {
  public:
    /// Of nothing: no share is known.
    Course() = default;

    /// The stretches must be in order, `is_whole` says that nothing came before the first of them.
    /// All that came until `now` is known.
    Course(const std::vector<Stretch>& stretches, const Holding& holding, bool is_whole,
           base::EventTime now);

    /// Of [from, to).
    Share share(base::EventTime from, base::EventTime to) const;

  private:
    /// A span of time with one value, or of which nothing is known.
    struct Segment {
        base::EventTime from;
        base::EventTime to;
        std::optional<double> value;
    };

    void add_body(const Stretch& stretch, const Holding& holding);
    void add_hold(base::EventTime from, base::EventTime next, double value, const Holding& holding);
    void add(base::EventTime from, base::EventTime to, std::optional<double> value);

    std::vector<Segment> segments_;  // In order, without a hole between them.
};

}  // namespace engine
