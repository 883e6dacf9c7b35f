#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "central/imports/tables/memory.hpp"
#include "central/imports/tables/row.hpp"
#include "central/imports/tables/source.hpp"
#include "central/imports/tables/tags.hpp"
#include "odbc/connection.hpp"

namespace imports::tables {

/// Of which time rows are wanted.
struct Scope {
    std::optional<base::EventTime> from{};
    base::EventTime end{};  // Exclusive: rows from then on wait for another run.
    base::Duration
        look_back{};  // How far before the last look it looks again, when `from` is none.
};

/// What is read next: some tags of a part of a day.
struct Step {
    std::string table;
    RowLayout layout;
    TimeRange range;
    base::EventTime whole_from{};     // From there on everything was read, up to the range's end.
    std::vector<std::uint32_t> tags;  // None: there is nothing to read.
    bool ends_table = false;
};

/// Rows of a day that is closed, and that are others than were taken.
struct Changed {
    std::string table;
    base::EventTime day{};
    std::string path;
    std::int64_t rows = 0;  // More than were taken; less than 0: fewer.
};

/// What was seen on the way.
struct Seen {
    std::vector<std::string> tables{};
    std::map<std::string, std::uint64_t> unmapped{};  // Rows, by path.
    std::vector<Changed> changed{};                   // The first of them.
    std::uint64_t changed_count = 0;
    std::uint64_t waiting = 0;   // Rows from the end on.
    std::uint64_t timeless = 0;  // Rows whose time is NULL, or before 1970.
    std::uint64_t days = 0;      // Done,
    std::uint64_t days_total = 0;
};

/// Decides what is read, in order of time: table by table, day by day, in parts that are small
/// enough for memory. A day of which every hour is closed is only counted. Reads no row.
class Plan {
  public:
    /// At most about so many rows are in a step.
    static constexpr std::uint64_t kRowsAtOnce = 50'000;

    Plan(odbc::Connection& connection, const Source& source, const Scope& scope, Tags& tags,
         Memory& memory)
        : connection_(connection), source_(source), scope_(scope), tags_(tags), memory_(memory) {}

    /// Looks which tables there are. Misconfigured when none is a month's.
    base::Status begin();

    /// Nothing when there is no more.
    base::Result<std::optional<Step>> next();

    const Seen& seen() const { return seen_; }

  private:
    struct Table {
        std::chrono::year_month month{};
        std::string name;
    };

    bool is_wanted(std::chrono::year_month month) const;
    base::Status begin_table();
    base::Result<base::EventTime> first_look(const std::string& table) const;
    base::Status add_days(const TimeRange& range);
    base::Status find_days(const TimeRange& range);
    base::Status count_others(const TimeRange& range);
    base::Result<std::uint64_t> count(const std::string& from_where);
    base::Result<std::uint64_t> count(const TimeRange& range);
    base::Status plan_day(const TimeRange& range);
    struct Choice;
    base::Status choose(Choice& choice, const std::string& id, std::uint64_t rows);
    void note_changed(base::EventTime day, const std::string& path, std::int64_t rows);
    base::Status split(const Step& step, std::uint64_t rows);

    odbc::Connection& connection_;
    const Source& source_;
    Scope scope_;
    Tags& tags_;
    Memory& memory_;
    std::deque<Table> tables_;  // The first is the one that is read.
    bool is_begun_ = false;     // It is.
    RowLayout layout_;
    std::deque<TimeRange> days_;
    std::deque<Step> steps_;
    Seen seen_;
};

/// The whole hour, day that has the time.
base::EventTime hour_of(base::EventTime time);
base::EventTime day_of(base::EventTime time);

}  // namespace imports::tables
