#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "central/engine/states/sheet.hpp"
#include "central/engine/states/stretch.hpp"
#include "wire/record.hpp"

namespace engine {

/// A part of the course of a series: from a time to the end of that hour.
struct CourseKey {
    std::string node;
    std::string series;
    base::EventTime from;

    friend auto operator<=>(const CourseKey&, const CourseKey&) = default;
};

/// All stretches that begin in it; they take the place of those that did.
struct CoursePart {
    base::EventTime to;  // Exclusive.
    std::vector<Stretch> stretches;

    friend bool operator==(const CoursePart&, const CoursePart&) = default;
};

using CourseParts = std::map<CourseKey, CoursePart>;

/// The courses in use of the series that have one: what was when. Reads an hour from the memory
/// when it is first needed; keeps all that changed, and up to a limit what was used last.
class Courses {
  public:
    /// Hours of series that are kept between commits.
    static constexpr std::size_t kSheetsMax = 20'000;

    explicit Courses(StretchMemory& memory) : memory_(memory) {}

    /// A series; `id` is good until forget().
    struct Owner {
        std::uint32_t id = 0;
        const std::string& node;
        const wire::SeriesDeclaration& declared;
        base::EventTime since;  // Earlier readings are not told: others beside them never were.
    };

    /// Adds what readings say; gives how many hours became too crowded to be told.
    template <class Column>
    base::Result<std::uint64_t> add(const Owner& owner, const Column& column, base::EventTime at) {
        const auto reach = reach_of(owner.declared);
        return add(owner, stretches_of(column, at, reach, owner.since), reach);
    }

    std::size_t changed() const { return changed_.size(); }

    /// Moves out what changed; from now on it counts as committed.
    void take_changes(CourseParts& parts);

    void forget();

  private:
    using Id = std::pair<std::uint32_t, base::EventTime>;  // Series, and start of the hour.
    struct Slot {
        std::string node;
        std::string series;
        Sheet sheet;
        bool is_used = true;  // Since the commit before the last one.
    };

    base::Result<std::uint64_t> add(const Owner& owner, const std::vector<Stretch>& stretches,
                                    std::optional<base::Duration> reach);
    base::Result<Slot*> find(const Owner& owner, base::EventTime start);
    void drop_unused();

    StretchMemory& memory_;
    std::map<Id, Slot> slots_;
    std::vector<Id> changed_;
};

}  // namespace engine
