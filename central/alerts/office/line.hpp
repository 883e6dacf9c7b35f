#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "central/alerts/core/moment.hpp"
#include "central/alerts/core/symptom.hpp"

namespace alerts {

/// Whether each part that a reading passes through works; if not, why.
struct LineStatus {
    base::Status broker = base::Done{};
    base::Status bridge = base::Done{};
    base::Status redis = base::Done{};
    base::Status database = base::Done{};
    base::Status jobs = base::Done{};  // The newest runs: not part of the line, and beside it.
};

/// What is wrong with the line, and since when. One cause is one symptom: a bridge without Redis,
/// or one that cannot be heard, says nothing new.
class Line {
  public:
    std::vector<Symptom> observe(const LineStatus& status, Moment now);

    /// Since when nothing has kept nodes from being heard; nothing while something does.
    const std::optional<base::Instant>& whole_since() const { return whole_since_; }

  private:
    std::map<std::string, base::EventTime> broken_since_;
    std::optional<base::Instant> whole_since_;
};

}  // namespace alerts
