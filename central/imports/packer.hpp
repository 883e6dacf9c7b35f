#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "delivery/records/failed_lines.hpp"
#include "delivery/records/flush.hpp"
#include "delivery/records/record_lines.hpp"
#include "drivers/core/driver.hpp"

namespace imports {

struct PackerOptions {
    std::string sensor;  // Its series are `sensor`.`quantity`; empty: quantities have whole names.
    std::string kind;    // What brings them: "ingest-csv".
    std::optional<base::Duration> period{};  // Of every series; none: nothing is claimed.
    std::optional<base::EventTime> from{};   // Only readings of this time,
    std::optional<base::EventTime> to{};     // exclusive.
};

/// What became of the readings that were handed in.
struct Tally {
    std::uint64_t readings = 0;   // Taken.
    std::uint64_t outside = 0;    // Passed over: not of the time that was asked for.
    std::uint64_t failed = 0;     // No readings, and why:
    std::uint64_t backwards = 0;  // Taken, though before the one before it of its series,
    std::uint64_t repeated = 0;   // or at the same time.
    std::map<std::string, std::uint64_t> causes{};  // How many failed, by the word for it.
    std::vector<std::string> reasons{};             // The first that failed, in words.
};

/// Which series each quantity of a source is; as long as the source lives.
using SeriesIndex = std::vector<std::optional<std::size_t>>;

/// Turns what a source hands over into record lines, as a node's sampling does: declarations,
/// readings, counts of those that failed. Knows neither outbox nor network.
class Packer {
  public:
    explicit Packer(PackerOptions options) : options_(std::move(options)) {}

    /// `origin` names the source in words about it.
    void add(const std::string& origin, const std::vector<drivers::Quantity>& quantities,
             const drivers::Harvest& harvest, SeriesIndex& index);

    /// So much waits that it should be committed.
    bool is_full() const;

    /// Everything since the last call.
    delivery::Flush take_flush();

    std::size_t series() const { return series_.size(); }
    const Tally& tally() const { return tally_; }

  private:
    struct Series {
        drivers::Quantity quantity;
        std::optional<std::int64_t> last_ms{};
    };

    std::optional<std::size_t> series_of(const drivers::Quantity& quantity);
    bool is_outside(base::EventTime at) const;
    void add(std::size_t series, const drivers::Measurement& measurement,
             const std::string& origin);
    void add(const drivers::Failure& failure, const std::string& origin, const SeriesIndex& index);
    void tell(const std::string& cause, const std::string& reason, std::uint64_t readings);
    void begin_minute(base::EventTime at);
    void close();
    void declare();

    PackerOptions options_;
    std::vector<std::string> names_;
    std::vector<Series> series_;
    std::map<std::string, std::size_t> by_name_;
    std::size_t declared_ = 0;
    delivery::Flush flush_;
    std::size_t packed_ = 0;  // Readings in it.
    std::vector<delivery::PendingReading> pending_;
    delivery::FailedCounts failed_;
    base::EventTime minute_;  // Of what failed.
    Tally tally_;
};

}  // namespace imports
