#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "central/validation/breach.hpp"
#include "central/validation/rule.hpp"

namespace validation {

/// Readings of one column of a record that did not count, all for one reason; and what one must
/// know to judge them again exactly as they were judged.
struct SetAside {
    std::string series;
    Breach breach = Breach::range;
    std::vector<std::size_t> places;  // In the column, ascending, counted from 0.
    base::EventTime at;               // The record's, as it was placed: what it counts from.
    std::optional<Point> before;      // As in Circumstances, when the record came.
    std::optional<std::string> unit;  // Likewise.

    friend bool operator==(const SetAside&, const SetAside&) = default;
};

/// "climate.temperature#0-2,7 range at=1763640000000 before=1763639990000:20.5 unit=Cel"
std::string to_text(const SetAside& aside);

/// Nothing when the text is none of these, as when it is a column or all of the record.
std::optional<SetAside> parse_set_aside(std::string_view text);

}  // namespace validation
