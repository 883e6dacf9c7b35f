#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/clock.hpp"
#include "central/engine/changes.hpp"
#include "central/engine/quality/completeness.hpp"

namespace engine {

/// Why records are gone.
enum class GapKind { evicted, corrupt, lost };

/// The declared gaps of a node, by kind, for many quick questions. Leaves out thinned records, as
/// their readings are there, in partials.
class DeclaredGaps {
  public:
    static constexpr std::array kKinds{GapKind::evicted, GapKind::corrupt, GapKind::lost};

    explicit DeclaredGaps(const std::vector<GapRow>& gaps);

    /// All that have times.
    const GapSpans& spans() const { return all_; }

    bool overlap(GapKind kind, base::EventTime start, base::EventTime end) const;

    /// How many readings that are `period` apart the gaps of a kind held in [start, end), at most.
    std::uint64_t held(GapKind kind, base::EventTime start, base::EventTime end,
                       base::Duration period) const;

    /// The kind of a gap of which nothing says when its readings were; nothing when there is none.
    std::optional<GapKind> untimed() const { return untimed_; }

  private:
    const GapSpans& of(GapKind kind) const { return spans_[static_cast<std::size_t>(kind)]; }

    GapSpans all_;
    std::array<GapSpans, kKinds.size()> spans_;
    std::optional<GapKind> untimed_;
};

}  // namespace engine
