#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "central/detect/core/finding.hpp"
#include "central/detect/core/glimpse.hpp"
#include "central/detect/failing/failing.hpp"
#include "central/detect/flat/flat.hpp"
#include "central/detect/limits/limits.hpp"
#include "central/detect/odd/odd.hpp"
#include "central/detect/silence/silence.hpp"
#include "central/detect/stuck/stuck.hpp"

namespace detect {

/// What a watch keeps in the database.
struct Saved {
    std::string state;
    std::optional<std::string> habits;  // Nothing: as they were saved last.
};

/// All detectors of one series. The same windows give the same findings, however often it was saved
/// and loaded in between.
class Watch {
  public:
    Watch() = default;

    /// What was saved. A detector whose state has another form now begins anew, and only that.
    Watch(std::string_view state, std::string_view habits);

    /// Adds what the window opens, changes or closes.
    void see(const Subject& subject, const limits::Rule& rule, const Glimpse& window,
             std::vector<Finding>& findings);

    /// So many reads of the series failed at about that time.
    void fail(const Subject& subject, base::EventTime at, std::uint64_t reads,
              const std::string& reason, std::vector<Finding>& findings);

    /// The series' node has data up to `now`, and its data before ended at `before`. Call it after
    /// see() of all windows that end there. Whether anything changed.
    bool pass(const Subject& subject, base::EventTime before, base::EventTime now,
              std::vector<Finding>& findings);

    /// To be called once before each commit. Habits are large: they are given every
    /// kLessonsMax windows, and the lessons since are part of the state.
    Saved save();

    static constexpr std::size_t kLessonsMax = 32;

  private:
    void learn(const Subject& subject, const Glimpse& window, std::vector<Finding>& findings);

    limits::Limits limits_;
    flat::Flat flat_;
    silence::Silence silence_;
    stuck::Stuck stuck_;
    failing::Failing failing_;
    odd::Odd odd_;
    std::unique_ptr<odd::Habits> habits_;  // Null for a state.
    std::vector<odd::Lesson> lessons_;     // Since the habits were saved.
};

}  // namespace detect
