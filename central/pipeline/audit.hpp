#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "central/ingest/source.hpp"

namespace central {

/// Goes through the marks that the source knows as applied, a page at a time, in rounds. Compares
/// and changes nothing.
class Audit {
  public:
    Audit(ingest::Source& source, base::Duration every) : source_(source), every_(every) {}

    /// The next page; empty while no round is due. Transient when the source is away.
    base::Result<std::vector<ingest::AppliedMark>> next(base::Instant now);

    /// A round begins at once: the sink may have come back as an older copy.
    void start_again();

  private:
    ingest::Source& source_;
    base::Duration every_;
    std::string from_;
    std::optional<base::Instant> due_at_;  // Nothing: at once.
};

}  // namespace central
