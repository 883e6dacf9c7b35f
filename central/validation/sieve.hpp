#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "central/validation/rule.hpp"
#include "central/validation/set_aside.hpp"
#include "wire/record.hpp"

namespace validation {

using Points = std::variant<wire::RawColumn, wire::PartialColumn>;

/// A column that is judged, and from when on a reading is ahead of all: then it is never the one
/// before another.
struct Judged {
    const wire::Column& column;
    base::EventTime at;
    base::EventTime limit;
    Circumstances around;
};

/// What became of a reading, or of a partial, that does not count, or did not until now.
struct Verdict {
    base::EventTime at;
    Breach breach = Breach::range;
    std::uint64_t readings = 0;
};

/// A column of which not all counts.
struct Sifted {
    Points passed;                // What counts, and has not counted before.
    std::vector<SetAside> aside;  // What does not, for each reason.
    std::vector<Verdict> broken;  // Of these, what was not set aside for the same reason before.
    std::vector<Verdict> healed;  // What was, and is not any more.
    std::string why;              // "2 readings are set aside, the first because 80 is …"

    /// Nothing is to be done: it all counts as it is.
    bool is_clean() const { return aside.empty() && healed.empty(); }
};

/// Judges a column, reading by reading in its order. `earlier` is what of it did not count before,
/// each with the same circumstances: then everything else did, and is only the measure of steps.
/// `passed` is left empty where the result is_clean().
Sifted sift(const Judged& judged, const Rule& rule, const std::vector<SetAside>& earlier = {});

}  // namespace validation
