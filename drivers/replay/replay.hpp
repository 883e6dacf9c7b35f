#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "drivers/core/registry.hpp"
#include "drivers/replay/opening.hpp"
#include "drivers/replay/options.hpp"
#include "drivers/replay/pace.hpp"
#include "drivers/tables/rows/table_reader.hpp"

namespace drivers::replay {

/// Reads a CSV file as if it were a sensor; the measurements have the file's own times. Never
/// splits a row over two harvests: the position after a harvest is always between two rows.
class Driver final : public drivers::Driver {
  public:
    /// Misconfigured when the file, a column or the saved position does not fit.
    static base::Result<std::unique_ptr<Driver>> open(Options options,
                                                      const std::optional<std::string>& position);

    const std::vector<Quantity>& quantities() const override { return reader_.quantities(); }
    void trigger(base::Instant) override {}
    /// `measurements_max` must be at least the number of columns in the configuration.
    Harvest collect(base::Instant now, std::size_t measurements_max) override;
    bool can_wait() const override { return true; }

    /// From now on it hands over only rows of before that time. The first that is not waits, and
    /// all behind it.
    void hold_from(base::EventTime time) { hold_from_ = time; }

    /// The time of the row that waits; nothing while none does.
    std::optional<base::EventTime> waiting() const;

    /// After the last row that was handed over or refused.
    const Position& position() const { return position_; }

    /// The last collect() could not read the file.
    bool is_failing() const { return is_failing_; }

  private:
    Driver(Options options, OpenedFile file, Position position, const tables::Header& header);

    bool has_room(std::size_t measurements_max, const Harvest& harvest) const;
    bool step(base::Instant now, Harvest& harvest);
    bool read_row(Harvest& harvest);
    bool end_pass(Harvest& harvest);
    void accept(const Row& row, Harvest& harvest);
    void hand_out(base::Instant now, Harvest& harvest);
    void report_bad(std::uint64_t line, const tables::Trouble& trouble,
                    std::vector<std::size_t> quantities, Harvest& harvest);
    void report(std::string reason, Harvest& harvest) const;
    base::EventTime time_reached() const;
    Position after(const Row& row) const;
    void log_progress(base::Instant now);

    const Options options_;
    OpenedFile file_;
    tables::TableReader reader_;
    Pace pace_;
    Position position_;  // After the last row handed out or refused.

    tables::DecodedRow row_;                     // The row that waits until it is due, and
    std::optional<Position> after_waiting_;      // the position after it.
    std::optional<base::EventTime> handed_out_;  // The time of the last row handed out.
    base::EventTime hold_from_ = base::EventTime::max();
    bool finished_ = false;
    bool is_failing_ = false;

    std::uint64_t rows_ = 0;  // Handed out since the start of the process.
    std::uint64_t bad_ = 0;   // Rows refused and cells skipped.
    std::optional<base::Instant> began_;
    base::Instant logged_;
};

/// For the registry.
DriverKind kind();

}  // namespace drivers::replay
