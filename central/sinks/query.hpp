#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "central/dimensions/statement.hpp"
#include "central/engine/changes.hpp"
#include "central/engine/quality/completeness.hpp"
#include "central/engine/states/stretch.hpp"
#include "central/engine/window.hpp"
#include "central/sinks/placed_boot.hpp"
#include "central/sinks/quarantine/quarantine_list.hpp"
#include "central/sinks/ranges.hpp"

namespace sinks {

/// The read side of a sink: what the API shows. Sees committed rows only.
class Query {
  public:
    virtual ~Query() = default;

    /// The node, or nothing when it has no record yet.
    virtual base::Result<std::optional<engine::NodeRow>> node(const std::string& name) = 0;

    /// Nodes by name, which is their key.
    virtual base::Result<std::vector<engine::NodeRow>> nodes(const Page& page) = 0;
    base::Result<std::vector<engine::NodeRow>> nodes() { return nodes(Page{}); }

    /// Series of a node, or of all when it is empty, by their key: "node/series".
    virtual base::Result<std::vector<engine::SeriesRow>> series(const std::string& node,
                                                                const Page& page) = 0;
    base::Result<std::vector<engine::SeriesRow>> series(const std::string& node) {
        return series(node, Page{});
    }

    /// The same of those that the filter lets through.
    virtual base::Result<std::vector<engine::SeriesRow>> matching_series(const SeriesFilter& filter,
                                                                         const Page& page) = 0;

    /// The newest boot of the node of which records waited for the clock and were placed.
    virtual base::Result<std::optional<PlacedBoot>> last_placed(const std::string& node) = 0;

    /// Where each series of a node is at a time, and its tags; one without both is left out.
    virtual base::Result<std::map<std::string, dimensions::Situation>> situations(
        const std::string& node, base::EventTime at) = 0;

    /// The lengths of the windows that are stored, ascending.
    virtual base::Result<std::vector<StoredSpan>> spans() = 0;

    /// The first window of the length that is whole, of those that are still kept; nothing where
    /// all are.
    base::Result<std::optional<base::EventTime>> kept_from(base::Duration span);

    /// Rows whose start is in [from, to), oldest first; at most rows_max + 1 (one more shows that
    /// there are more). When rows of that span are not stored, those of the longest stored span
    /// that divides it are merged; then `from` must be the start of a window. Those that are no
    /// longer kept have none, or not for long.
    virtual base::Result<std::vector<std::pair<base::EventTime, engine::WindowRow>>> windows(
        const WindowRange& range) = 0;

    /// The windows of a group. Malformed when the span is not stored and cannot be merged.
    virtual base::Result<GroupWindows> group(const GroupRange& range) = 0;

    /// Single readings, as far as they are kept, in their order.
    virtual base::Result<std::vector<StoredReading>> readings(const ReadingRange& range) = 0;

    virtual base::Result<ReadingExtent> reading_extent(const ReadingRange& range) = 0;

    /// The readings next to [from, to), as windows of the range's span and longer ones tell them.
    /// `from` and `to` must be starts of windows of the longest stored span.
    virtual base::Result<engine::Around> around(const WindowRange& range) = 0;

    /// The starts of the first and the last window in the range in which readings failed; nothing
    /// when there is none.
    virtual base::Result<std::optional<std::pair<base::EventTime, base::EventTime>>> failures(
        const WindowRange& range) = 0;

    /// Declared gaps of a node that overlap [from, to), and those without times, oldest first.
    /// What a node evicted is a gap only where it never arrived.
    virtual base::Result<std::vector<engine::GapRow>> gaps(const std::string& node,
                                                           base::EventTime from,
                                                           base::EventTime to) = 0;

    /// The newest findings first, by their numbers.
    virtual base::Result<std::vector<FindingRow>> findings(const FindingRange& range) = 0;

    /// At most so many of the range, newest first; or oldest first.
    virtual base::Result<std::vector<engine::Stretch>> stretches(const StretchRange& range) = 0;

    /// What is known of the node's boots.
    virtual base::Result<std::vector<engine::BootRow>> boots(const std::string& node) = 0;

    /// The node's records in quarantine, by reason.
    virtual base::Result<std::vector<QuarantineCount>> quarantined(const std::string& node) = 0;

    /// The newest lines in quarantine of those that are meant, newest first, at most so many.
    virtual base::Result<std::vector<QuarantinedLine>> quarantined(const QuarantineSelection& which,
                                                                   std::size_t lines_max) = 0;
};

}  // namespace sinks
