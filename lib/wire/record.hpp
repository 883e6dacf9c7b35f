#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "wire/chain.hpp"
#include "wire/failed_column.hpp"
#include "wire/identity.hpp"
#include "wire/summary.hpp"

/// The record: the unit of commit, sequence and acknowledgement. It is one line of JSON that is
/// stored in the outbox, hashed, sent and kept byte for byte. docs/wire.md specifies it.
namespace wire {

/// How far a record's time can be trusted.
enum class ClockState {
    synced,    // The kernel's clock was synchronised.
    holdover,  // It was, since this boot, but no longer is; or a hardware clock keeps the time.
    boot,      // Not since this boot: times count from the boot until a ClockSample places them.
};

std::string_view to_text(ClockState state);
std::optional<ClockState> parse_clock_state(std::string_view text);

/// Readings as they were taken: offsets from the record's time, and values.
struct RawColumn {
    std::vector<std::int64_t> dt_ms;
    std::vector<double> values;
};

/// Readings that the node has summarised already: for each span a Summary and, for all of them or
/// none, a Sketch as its text (Sketch::encode). The times of the first and the last reading, both
/// or neither, let partials of one span merge exactly in whatever order they come.
struct PartialColumn {
    base::Duration span{};
    std::vector<std::int64_t> dt_ms;  // Start of each span.
    std::vector<Summary> summaries;
    std::vector<std::string> sketches;
    std::vector<std::int64_t> first_dt_ms{};  // From the start of the span, within it.
    std::vector<std::int64_t> last_dt_ms{};
};

struct Column {
    std::string series;
    std::variant<RawColumn, PartialColumn> points;

    /// How many readings the column stands for.
    std::uint64_t readings() const;
};

struct Data {
    base::EventTime at;  // With ClockState::boot: milliseconds since the boot.
    ClockState clock = ClockState::synced;
    std::string boot;  // Boot id; required with ClockState::boot, else optional.
    std::vector<Column> columns;
    /// How long after that boot `at` was. Empty with ClockState::boot, where `at` says so itself.
    std::optional<base::Duration> since_boot{};

    std::uint64_t readings() const;
};

/// Where a series is, and its tags, from a time on. `at` to `since_boot` are as in Data.
struct Situation {
    base::EventTime at;
    ClockState clock = ClockState::synced;
    std::string boot;
    std::string location;           // "/house/attic"; empty: not known.
    std::vector<std::string> tags;  // In order, each once, at most kTagsMax.
    std::optional<base::Duration> since_boot{};
};

/// Declares a series. Comes before its first data, and again whenever something changes.
struct SeriesDeclaration {
    std::string series;
    std::string quantity;
    std::string unit;  // SenML (RFC 8428 §12.1 and its registry): "Cel", "%RH", "m", "/" …
    std::string driver;
    std::optional<double> least;
    std::optional<double> most;
    std::optional<double> resolution;
    std::optional<base::Duration> period;  // Between readings, when they are regular.
    bool also_between = false;             // More may come within a period, as on a change.
    std::optional<Situation> situation{};  // None: its node says nothing of it.
};

enum class GapReason { evicted, thinned, corrupt };

/// Records of this incarnation that are gone for good or were thinned.
struct Gap {
    std::uint64_t from = 0;  // First and last sequence number.
    std::uint64_t to = 0;
    std::uint64_t readings = 0;
    std::optional<base::EventTime> first;  // Event time of the first and last reading in it;
    std::optional<base::EventTime> last;   // absent if no clock knew any.
    GapReason reason = GapReason::evicted;
};

std::string_view to_text(GapReason reason);

/// Ties the time since a boot to UTC.
struct ClockSample {
    std::string boot;
    base::Duration since_boot{};
    base::EventTime utc;
    base::Duration error{};
};

/// Counts of readings that failed: each of them is in one. `at` to `since_boot` are as in Data.
struct Failed {
    base::EventTime at;
    ClockState clock = ClockState::synced;
    std::string boot;
    base::Duration span{};  // Of every count; aligned like the spans of partials.
    std::vector<FailedColumn> columns;
    std::optional<base::Duration> since_boot{};
};

/// A reading that failed, in detail: for people, and counted in Failed.
struct SensorFault {
    base::EventTime at;
    ClockState clock = ClockState::synced;
    std::string boot;
    std::string sensor;
    std::string reason;
    std::vector<double> edges_us;  // The black box of pulse sensors; empty for others.
    std::optional<base::Duration> since_boot{};  // As in Data.
};

struct Record {
    std::variant<Data, SeriesDeclaration, Gap, ClockSample, SensorFault, Failed> body;
    std::optional<Origin> origin;
};

/// One line without its newline. ENSUREs what decode_record() would refuse: an encoder's mistake is
/// a bug.
std::string encode_record(const Record& record);

/// Malformed if the line breaks any rule of docs/wire.md; the detail says which.
base::Result<Record> decode_record(std::string_view line);

/// The same line with the origin added; nothing else changes. A line that has one keeps its own.
std::string with_origin(std::string_view line, const Origin& origin);

}  // namespace wire
