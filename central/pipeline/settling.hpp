#pragma once

#include <map>
#include <optional>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "central/ingest/source.hpp"
#include "central/pipeline/chronicle.hpp"
#include "central/sinks/sink.hpp"

namespace central {

/// What the source does not know yet of one partition: committed marks, and the cursor.
class Settling {
  public:
    /// Adds a mark, in place of an older one of the same chronicle.
    void add(const ingest::AppliedMark& mark);

    /// Something was committed: the next settle() must not wait.
    void set_due() { settled_at_.reset(); }

    /// What the source must be told: the cursor and marks, as many as one call may carry, when that
    /// is due or was last done `every` ago. Then it stays due until note_settled().
    std::optional<ingest::Settlement> next(const sinks::PartitionState& committed,
                                           base::Duration every, base::Instant now);

    /// The source knows this now. It is due again when there is more.
    void note_settled(const ingest::Settlement& settled, base::Instant now);

  private:
    std::map<Chronicle, wire::Mark> marks_;
    std::optional<base::Instant> settled_at_;  // Nothing when it is due.
};

}  // namespace central
