#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "central/detect/core/finding.hpp"
#include "central/detect/watch/watch.hpp"
#include "central/dimensions/cadence.hpp"
#include "central/dimensions/statement.hpp"
#include "central/engine/readings/reading_block.hpp"
#include "central/engine/states/courses.hpp"
#include "central/engine/window.hpp"
#include "wire/ack.hpp"
#include "wire/identity.hpp"
#include "wire/record.hpp"

namespace engine {

/// Readings too far ahead of their arrival: a wrong clock, most likely. They are counted in their
/// windows, and known apart from the others, so that none of them is ever the newest reading.
struct AheadRow {
    base::EventTime at;  // Of the one farthest ahead.
    double value = 0;    // Its value.
    std::uint64_t readings = 0;

    friend bool operator==(const AheadRow&, const AheadRow&) = default;
};

/// What is known of a series: its newest declaration, and its newest reading. Of two readings of
/// one time the newest is the one that was counted later.
struct SeriesRow {
    std::string node;
    wire::SeriesDeclaration declared;  // quantity, unit and driver are empty until it was declared.
    std::optional<base::EventTime> first_at;  // Neither this nor last_at is ever ahead.
    std::optional<base::EventTime> last_at;
    double last_value = 0;
    std::uint64_t readings = 0;  // All that were ever counted, each once.
    std::optional<AheadRow> ahead{};
    std::optional<base::EventTime> course_since{};  // Readings from then on are in its course.
    dimensions::DeclaredPeriods periods{};  // Empty: it was never declared with another one.
};

/// What is known of a node from its records.
struct NodeRow {
    std::string node;
    wire::Incarnation incarnation;          // The one that was used last.
    wire::Mark applied;                     // In that incarnation.
    base::EventTime stored_at;              // When the bridge accepted that record.
    std::optional<base::EventTime> newest;  // Newest event time: what the watermark follows.
    wire::ClockState clock = wire::ClockState::synced;
    std::uint64_t lost_records = 0;  // In declared gaps, all incarnations.
    std::uint64_t unplaced = 0;      // Records that wait for a clock record of their boot.
};

/// Ties the time since a boot to UTC, by a clock record.
struct BootTie {
    base::Duration since_boot{};
    base::EventTime utc;
    base::Duration error{};

    friend bool operator==(const BootTie&, const BootTie&) = default;
};

/// A record's place in the order in which its node made its records.
struct RecordPlace {
    wire::Incarnation incarnation;
    std::uint64_t seq = 0;

    friend auto operator<=>(const RecordPlace&, const RecordPlace&) = default;
};

/// What is known of a boot of a node.
struct BootRow {
    std::string node;
    std::string boot;
    std::optional<BootTie> tie;
    std::uint64_t unplaced = 0;          // Records that wait for it.
    std::optional<RecordPlace> first{};  // The first that waited for it, or tied it, if known.

    friend bool operator==(const BootRow&, const BootRow&) = default;
};

/// A record whose times count from a boot that is not tied to UTC yet.
struct UnplacedLine {
    std::int64_t id = 0;  // Given by the sink.
    std::string node;
    std::string boot;
    wire::Incarnation incarnation;
    std::uint64_t seq = 0;
    base::EventTime received;
    std::string line;
};

/// Records of a node that are gone or thinned, and the reason.
struct GapRow {
    std::string node;
    wire::Incarnation incarnation;
    std::uint64_t from = 0;
    std::uint64_t to = 0;
    std::string reason;  // "evicted", "thinned", "corrupt" by the node; "lost" by the bridge.
    std::optional<std::uint64_t> readings;  // Unknown for "lost".
    std::optional<base::EventTime> first_at;
    std::optional<base::EventTime> last_at;
};

/// The part of a record of which nothing counted.
constexpr const char* kWholeRecord = "";

/// A record that could not be used. It is kept for a person to look at.
struct Quarantined {
    std::string node;
    wire::Incarnation incarnation;
    std::uint64_t seq = 0;
    std::string line;
    std::string reason;
    base::EventTime received;

    /// What did not count: columns, or readings of one (validation::SetAside); kWholeRecord alone
    /// for all of it. Empty: it is never taken again.
    std::vector<std::string> parts{};
};

/// Everything that the engine has changed. A sink commits it together with the cursors.
struct Changes {
    std::map<WindowKey, WindowRow> windows;
    std::vector<HealedReason> healed;  // Before `windows`, where some may be back.
    std::map<std::pair<std::string, std::string>, SeriesRow> series;  // (node, series)
    std::map<std::string, NodeRow> nodes;
    std::vector<GapRow> gaps;
    std::vector<Quarantined> quarantined;
    std::vector<dimensions::Statement> statements;  // What nodes said of their series.
    std::map<std::pair<std::string, std::string>, BootRow> boots;  // (node, boot)
    std::vector<UnplacedLine> unplaced;
    std::vector<std::int64_t> placed;   // Ids of lines that no longer wait.
    std::vector<std::int64_t> retaken;  // Ids of lines that leave the quarantine.
    std::map<detect::FindingKey, detect::Finding>
        findings;  // As they are now: new ones and others.
    std::map<std::pair<std::string, std::string>, detect::Saved> watches;  // (node, series)
    CourseParts courses;
    std::vector<SeriesBlocks> readings;  // Single ones, each series once.
};

}  // namespace engine
