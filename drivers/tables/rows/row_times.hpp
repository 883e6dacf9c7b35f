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
    explicit RowTimes(const TableOptions& options) : options_(options) {}

    /// Malformed, with what is wrong, when the text is no time or the clocks passed over it.
    base::Result<base::EventTime> place(std::string_view text);

    /// The time of the row before; restored after a restart.
    const std::optional<base::EventTime>& previous() const { return previous_; }
    void restore(std::optional<base::EventTime> previous) { previous_ = previous; }

    /// What a person should know, each once: hours that come twice.
    std::vector<std::string> take_notes() { return std::exchange(notes_, {}); }

  private:
    base::EventTime choose(const Instants& instants, std::string_view text);

    const TableOptions& options_;
    std::optional<base::EventTime> previous_;
    std::optional<base::EventTime> told_;  // A time of the last such hour that was noted.
    std::vector<std::string> notes_;
};

}  // namespace drivers::tables
