#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "central/detect/core/episode.hpp"
#include "central/detect/core/finding.hpp"
#include "central/detect/core/glimpse.hpp"

namespace detect::failing {

/// Finds a series of which more reads fail than succeed, over about the last ten minutes or the
/// last twenty reads, whichever is longer. Nodes tell of failures when they may, also after the
/// readings of the same time: they count as they come. Of constant size and trivially copyable.
class Failing {
  public:
    void see(const Subject& subject, const Glimpse& window, std::vector<Finding>& findings);

    /// So many reads failed at about that time.
    void fail(const Subject& subject, base::EventTime at, std::uint64_t reads,
              const std::string& reason, std::vector<Finding>& findings);

  private:
    double share() const { return bad_ / (good_ + bad_); }
    void fade(const Subject& subject, base::EventTime at);
    void note_reason(const std::string& reason);
    Finding finding(const Subject& subject) const;

    Episode episode_;
    base::EventTime seen_at_;
    double good_ = 0;  // Reads, older ones weigh less.
    double bad_ = 0;
    std::array<char, 64> reason_{};  // The most frequent one, with a final 0.
};

}  // namespace detect::failing
