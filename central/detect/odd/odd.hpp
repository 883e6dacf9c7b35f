#pragma once

#include <cstdint>
#include <vector>

#include "central/detect/contextual/detector.hpp"
#include "central/detect/core/episode.hpp"
#include "central/detect/core/finding.hpp"
#include "central/detect/core/glimpse.hpp"
#include "central/detect/odd/usual.hpp"

namespace detect::odd {

/// What a window teaches.
struct Lesson {
    base::EventTime at;
    double mean = 0;
    double least = 0;
    double most = 0;
};
Lesson lesson_of(const Glimpse& window);

/// What the contextual detector has learned of a series, and what was usual at each hour. Large
/// (12.5 KiB) and trivially copyable. It depends on the lessons alone, in their order.
struct Habits {
    contextual::Verdict learn(const Lesson& lesson);

    contextual::Detector detector;
    Usual usual;
};

/// Finds what is unlike the series: the verdicts of the contextual detector, made into events.
/// Leaves states out, which are always one of two values, and counters, which are always new. Of
/// constant size and trivially copyable; its habits are kept apart.
class Odd {
  public:
    void see(const Subject& subject, const Glimpse& window, Habits& habits,
             std::vector<Finding>& findings);

    /// It is declared as a state now: nothing of it is odd any more.
    void leave(const Subject& subject, const Glimpse& window, std::vector<Finding>& findings);

  private:
    void follow(const Subject& subject, const Glimpse& window, const contextual::Verdict& verdict,
                const Band& band, std::vector<Finding>& findings);
    void note(const Glimpse& window, const contextual::Verdict& verdict, const Band& band);
    void note_direction(double value);
    bool only_rises() const { return rises_ > 50 && falls_ * 50 < rises_; }
    Finding finding(const Subject& subject) const;

    Episode episode_;
    contextual::Verdict worst_;
    Band band_;               // Of 0 days when none is known.
    double outside_ = 0;      // How far the noted reading is outside it.
    std::uint32_t calm_ = 0;  // Windows in a row that are not odd.
    std::uint32_t rises_ = 0;
    std::uint32_t falls_ = 0;
    double before_ = 0;
    bool has_before_ = false;
};

}  // namespace detect::odd
