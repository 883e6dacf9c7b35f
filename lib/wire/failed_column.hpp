#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace base {
class JsonWriter;
struct Json;
}  // namespace base

namespace wire {

class Members;

constexpr std::size_t kFailedReasonBytesMax = 64;
constexpr std::size_t kFailedReasonsMax = 16;  // Of a series in a record.

/// How many readings of a series failed for one reason, span by span.
struct FailedColumn {
    /// A series; or the name of a sensor, for all the series that it is known to have.
    std::string series;
    std::string reason;               // A few words, 1 to kFailedReasonBytesMax bytes.
    std::vector<std::int64_t> dt_ms;  // The start of each span, from the record's time.
    std::vector<std::uint64_t> counts;
};

/// The columns in the object `series` of a record; what breaks a rule is refused at `members`.
std::vector<FailedColumn> read_failed_columns(Members& members, const base::Json& series);

/// That object. The columns of a series must stand side by side.
void write_failed_columns(base::JsonWriter& json, const std::vector<FailedColumn>& columns);

}  // namespace wire
