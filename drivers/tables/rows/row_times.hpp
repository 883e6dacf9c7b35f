#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "drivers/tables/table_options.hpp"

namespace drivers::tables {

/// Places the times of rows, one row after another. A local time that came twice, since clocks were
/// put back, is the first one until the times of the rows go back, too.
class RowTimes {
  public:
    /// The options must outlive it.
    explicit RowTimes(const TableOptions& options) : options_(options), zone_(options.time_zone) {}

    /// Malformed, with what is wrong, when the text is no time or the clocks passed over it.
    base::Result<base::EventTime> place(std::string_view text);

    /// Of times that do not name theirs: that of the file, or of the options when it has none. With
    /// a `trouble` such times are refused.
    void set_zone(const std::optional<TimeZone>& zone, std::string trouble);

    /// The time of the row before, and the least distance between two rows, 0 when two had one
    /// time; restored after a restart.
    const std::optional<base::EventTime>& previous() const { return previous_; }
    const std::optional<base::Duration>& step() const { return step_; }
    void restore(std::optional<base::EventTime> previous, std::optional<base::Duration> step);

    /// What a person should know, each once: hours that come twice.
    std::vector<std::string> take_notes() { return std::exchange(notes_, {}); }

  private:
    base::EventTime choose(const Instants& instants, std::string_view text);
    base::EventTime move_to(base::EventTime time, bool is_in_fold);

    const TableOptions& options_;
    TimeZone zone_;
    std::string zone_trouble_;
    std::optional<base::EventTime> previous_;
    std::optional<base::Duration> step_;
    std::optional<base::EventTime> told_;  // A time of the last such hour that was noted.
    std::vector<std::string> notes_;
};

}  // namespace drivers::tables
