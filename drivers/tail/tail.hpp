#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/reminder.hpp"
#include "drivers/core/registry.hpp"
#include "drivers/tail/decode.hpp"
#include "drivers/tail/follower.hpp"
#include "drivers/tail/options.hpp"

namespace drivers::tail {

/// Reads a file that grows, line by line, as if it were a sensor. Never stops because something is
/// wrong with the file, and never splits a line over two harvests: the position after a harvest is
/// always between two lines.
class Driver final : public drivers::Driver {
  public:
    /// Misconfigured when the saved position is not a tail's. The file need not exist.
    static base::Result<std::unique_ptr<drivers::Driver>> open(
        Options options, const std::optional<std::string>& position);

    const std::vector<Quantity>& quantities() const override { return quantities_; }
    void trigger(base::Instant) override {}
    /// `measurements_max` must be at least the number of columns.
    Harvest collect(base::Instant now, std::size_t measurements_max) override;
    bool can_wait() const override { return true; }

  private:
    Driver(Options options, std::optional<Position> position);

    bool accept_lines(std::string_view chunk, std::size_t measurements_max, Harvest& harvest);
    bool accept_line(std::string_view line, std::uint64_t offset, Harvest& harvest);
    bool find_columns_of_file();
    void hand_out(std::uint64_t offset, Harvest& harvest);
    void count_other();
    void report_bad(std::uint64_t offset, const std::string& reason, Harvest& harvest);
    void fail(std::string reason, Harvest& harvest) const;
    void add_position(Harvest& harvest);
    void log_progress(base::Instant now);

    const Options options_;
    std::vector<Quantity> quantities_;
    Follower follower_;
    LineDecoder decoder_;
    DecodedLine line_;

    std::uint64_t columns_of_ = 0;  // Follower::files() for which the columns are known.
    std::string header_;            // The first line of that file.
    std::size_t header_bytes_ = 0;  // Its length, if the current chunk begins with it.
    std::string stuck_;             // Why the columns cannot be found; empty when they can.
    base::Reminder stuck_reminder_{std::chrono::minutes{1}};

    base::Instant now_;                      // Of the current collect().
    std::optional<base::EventTime> latest_;  // The time of the last line handed out.
    std::optional<Position> handed_;         // The last position handed out.
    Follower::Reports reports_;
    std::size_t unreported_ = 0;  // Bad lines and cells beyond those reported one by one.

    std::uint64_t lines_ = 0;   // Handed out since the start of the process.
    std::uint64_t bad_ = 0;     // Lines refused and cells skipped.
    std::uint64_t others_ = 0;  // Lines without any of the columns.
    std::uint64_t logged_lines_ = 0;
    base::Instant logged_;
};

/// For the registry.
DriverKind kind();

}  // namespace drivers::tail
