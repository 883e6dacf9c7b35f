#pragma once

#include <optional>
#include <vector>

#include "central/dimensions/statement.hpp"
#include "central/engine/changes.hpp"
#include "central/shell/table/table.hpp"
#include "central/sinks/query.hpp"
#include "central/views/window_view.hpp"
#include "drivers/tables/time_zone.hpp"

namespace shell {

/// All that is known of a reading, or of a time at which there is none.
struct Trace {
    engine::SeriesRow series;
    base::EventTime asked;
    base::EventTime at;  // Of the reading, if there is one.
    std::optional<sinks::StoredReading> reading{};
    std::vector<views::JudgedWindow> windows{};  // Of every length, that hold it.
    dimensions::Situation situation{};           // Then.
    std::vector<sinks::FindingRow> findings{};   // That held then.
    std::vector<engine::GapRow> gaps{};          // Of its node, that cover it.
};

/// For people: lines about the reading, its windows, and what was found. For programs the same in
/// the document's first members, and a window an item.
Table table_of(const Trace& trace, const drivers::tables::TimeZone& zone);

}  // namespace shell
