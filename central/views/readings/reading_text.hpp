#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "central/engine/changes.hpp"
#include "central/sinks/query.hpp"
#include "drivers/tables/time_zone.hpp"

namespace views {

/// "good", or "ahead": its time is later than its arrival allows.
std::string_view quality_of(const sinks::StoredReading& reading);

enum class ReadingFormat {
    json,    // Objects with a comma between them: what stands in a list.
    ndjson,  // An object a line.
    csv,     // RFC 4180, with a header.
};

struct ReadingStyle {
    ReadingFormat format = ReadingFormat::json;
    std::optional<drivers::tables::TimeZone> zone{};  // Also the local time there.
    bool with_origin = false;  // Also the record of each reading, and when it was stored.
};

/// Writes single readings of a series one by one, the same in every place: "t" is milliseconds
/// since 1970 in JSON, `time` is RFC 3339 in CSV.
class ReadingText {
  public:
    ReadingText(const engine::SeriesRow& series, ReadingStyle style);

    /// The header of a CSV; empty for the other formats.
    std::string header() const;

    void add(std::string& text, const sinks::StoredReading& reading);

  private:
    void add_json(std::string& text, const sinks::StoredReading& reading) const;
    void add_csv(std::string& text, const sinks::StoredReading& reading) const;

    std::string id_;  // "attic/climate.temperature"
    std::string unit_;
    ReadingStyle style_;
    bool is_first_ = true;
};

}  // namespace views
