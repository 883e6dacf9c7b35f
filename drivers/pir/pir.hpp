#pragma once

#include <memory>
#include <string>
#include <vector>

#include "drivers/core/attempt.hpp"
#include "drivers/core/pending.hpp"
#include "drivers/core/registry.hpp"
#include "drivers/gpio/address.hpp"
#include "drivers/gpio/line.hpp"
#include "drivers/pir/occupancy.hpp"

namespace drivers::pir {

struct Options {
    std::string name;  // The sensor's; part of the line's consumer.
    gpio::LineAddress line;
    std::string devices = "/dev";
    gpio::LineMode mode;
    bool inverted = false;  // A contact to ground: low means motion.
    OccupancyOptions occupancy;
};

/// An HC-SR501 motion sensor, or any contact. An edge becomes a measurement with the kernel's
/// timestamp, and every period the level is repeated. Needs no thread: it only collects the edges
/// that came.
class Driver final : public drivers::Driver {
  public:
    static base::Result<std::unique_ptr<drivers::Driver>> open(const Options& options);

    Driver(const Options& options, std::unique_ptr<gpio::Line> line);

    const std::vector<Quantity>& quantities() const override { return quantities_; }
    void trigger(base::Instant now) override;
    Harvest collect(base::Instant now, std::size_t measurements_max) override;

  private:
    void read_edges(base::Instant now);
    void add(const Occupancy::Events& events);
    void measure(std::size_t quantity, const OccupancyEvent& event);
    void fail(const Refusal& refusal, std::uint64_t readings, base::Instant now);

    std::vector<Quantity> quantities_;
    std::unique_ptr<gpio::Line> line_;
    bool inverted_;
    Occupancy occupancy_;
    Pending pending_;
    bool failure_reported_ = false;  // That the edges cannot be read.
};

/// For the registry.
DriverKind kind();

}  // namespace drivers::pir
