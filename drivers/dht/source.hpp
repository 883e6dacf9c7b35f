#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "drivers/dht/bytes.hpp"
#include "drivers/gpio/line.hpp"

namespace drivers::dht {

/// What one capture came to.
struct ClimateOutcome {
    base::Result<Climate> climate;
    std::vector<double> edges_us;  // Of a failure: the falling edges since the first one.
};

/// Asks a sensor once. Blocks for as long as that takes: it works in a thread of its own.
class ClimateSource {
  public:
    virtual ~ClimateSource() = default;
    virtual ClimateOutcome read() = 0;
};

/// The sensor on a line: start pulse, falling edges with the kernel's times, decode. Falling edges
/// only, because the kernel names an edge by the level it finds when its thread wakes, and two
/// falling edges are never nearer than 76 µs.
class PulseClimate final : public ClimateSource {
  public:
    PulseClimate(std::unique_ptr<gpio::Line> line, Model model);

    /// At rest: an input that is pulled up.
    static gpio::LineMode resting();
    /// What the line's buffer must hold at least: an AM2301 makes 66 edges.
    static constexpr std::size_t kEdgesMax = 256;

    ClimateOutcome read() override;

  private:
    base::Status begin();
    base::Result<std::vector<std::int64_t>> listen();

    std::unique_ptr<gpio::Line> line_;
    Model model_;
};

/// The sensor behind the kernel's own driver (dtoverlay=dht11,gpiopin=4), read through sysfs.
class IioClimate final : public ClimateSource {
  public:
    /// Finds the device below `root` (/sys/bus/iio/devices): the one of that name ("iio:device0"),
    /// or the only one that measures humidity. Misconfigured when there is none, or several.
    static base::Result<std::unique_ptr<ClimateSource>> open(const std::string& root,
                                                             const std::string& device,
                                                             Model model);
    ClimateOutcome read() override;

  private:
    IioClimate(std::string folder, Model model) : folder_(std::move(folder)), model_(model) {}
    base::Result<double> thousandths(const std::string& file) const;

    std::string folder_;
    Model model_;
};

}  // namespace drivers::dht
