#pragma once

#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "drivers/tables/time_format.hpp"
#include "drivers/tables/time_zone.hpp"
#include "odbc/value.hpp"

namespace imports::tables {

/// A time as its column has it.
struct ColumnTime {
    /// What is written there, read as if it were UTC. By this rows are asked for and remembered: it
    /// is the same whatever zone the clocks were in.
    base::EventTime written{};
    std::optional<base::EventTime> at{};  // The instant; none:
    const char* trouble = "";             // why, as a word.
};

/// How a column writes its times. Pure.
class TimeColumn {
  public:
    /// "unix_ms", "unix" (seconds), "datetime" (the server's own type), "rfc3339", or a pattern of
    /// text that begins "%Y-%m-%d %H:%M:%S", so that text sorts as time does. Misconfigured for any
    /// other.
    static base::Result<TimeColumn> parse(const std::string& format,
                                          drivers::tables::TimeZone zone);

    /// Nothing when the cell is no time, or not in the years 1970 to 9999.
    std::optional<ColumnTime> read(const odbc::Value& cell) const;

    /// The same in another format that is surely meant: "unix". Else empty.
    std::string_view meant_by(const odbc::Value& cell) const;

    /// A whole second as a statement has it.
    std::string literal(base::EventTime written) const;

    /// What clocks show at an instant, to the second.
    base::EventTime written_of(base::EventTime instant) const;

    /// As what the column must be read; nothing: as what it is.
    bool is_datetime() const { return kind_ == Kind::datetime; }
    bool is_text() const { return kind_ == Kind::text; }
    const std::string& format() const { return name_; }
    bool is_utc() const { return zone_.name() == "UTC"; }

  private:
    enum class Kind { unix_ms, unix_seconds, datetime, text };
    TimeColumn(Kind kind, std::string name, drivers::tables::TimeFormat format,
               drivers::tables::TimeZone zone)
        : kind_(kind), name_(std::move(name)), format_(std::move(format)), zone_(std::move(zone)) {}

    ColumnTime placed(base::EventTime written) const;
    std::optional<ColumnTime> read_text(const std::string& text) const;

    Kind kind_;
    std::string name_;
    drivers::tables::TimeFormat format_;
    drivers::tables::TimeZone zone_;
};

}  // namespace imports::tables
