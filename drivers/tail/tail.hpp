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

    const std::vector<Quantity>& quantities() const override { return decoder_.quantities(); }
    void trigger(base::Instant) override {}
    /// `measurements_max` must be at least the number of columns in the configuration.
    Harvest collect(base::Instant now, std::size_t measurements_max) override;
    bool can_wait() const override { return true; }

  private:
    Driver(Options options, std::optional<Position> position);

    bool has_room(std::size_t measurements_max, const Harvest& harvest) const;
    bool accept_lines(std::string_view chunk, std::size_t measurements_max, Harvest& harvest);
    bool accept_line(std::string_view line, std::uint64_t offset, Harvest& harvest);
    bool find_header_of_file();
    base::Result<tables::Header> header_of_file() const;
    void hand_out(std::uint64_t offset, Harvest& harvest);
    void count_other();
    void report_bad(std::uint64_t offset, const tables::Trouble& trouble,
                    std::vector<std::size_t> quantities, Harvest& harvest);
    void report(std::string reason, Harvest& harvest) const;
    void add_position(Harvest& harvest);
    void log_progress(base::Instant now);

    const Options options_;
    Follower follower_;
    LineDecoder decoder_;
    tables::DecodedRow row_;

    std::uint64_t header_of_ = 0;   // Follower::files() for which the header is known.
    std::size_t header_end_ = 0;    // Where the rows of that file begin.
    std::size_t header_bytes_ = 0;  // The same, if the current chunk begins the file.
    std::string no_header_;         // Why there was no header when it was last searched for: in
    std::pair<std::uint64_t, std::uint64_t> searched_;  // that file, of that many bytes.
    std::string stuck_;  // Why the columns cannot be found; empty when they can.
    base::Reminder stuck_reminder_{std::chrono::minutes{1}};

    base::Instant now_;                      // Of the current collect().
    std::optional<base::EventTime> latest_;  // The time of the last line handed out.
    std::optional<Position> handed_;         // The last position handed out.
    Follower::Reports reports_;

    std::uint64_t lines_ = 0;   // Handed out since the start of the process.
    std::uint64_t bad_ = 0;     // Lines refused and cells skipped.
    std::uint64_t others_ = 0;  // Lines without any of the columns.
    std::uint64_t logged_lines_ = 0;
    base::Instant logged_;
};

/// For the registry.
DriverKind kind();

}  // namespace drivers::tail
