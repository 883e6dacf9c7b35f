#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "drivers/core/attempt.hpp"
#include "drivers/dht/bytes.hpp"
#include "drivers/gpio/line.hpp"

namespace drivers::dht {

/// The result of one capture.
struct Captured {
    Attempt<Climate> climate;
    std::vector<double> edges_us;  // Of a failure: the falling edges, since the first one.
};

/// Reads a sensor once. Blocks for as long as that takes, so it needs a thread of its own.
class Capture {
  public:
    virtual ~Capture() = default;
    virtual Captured read() = 0;
};

/// Captures from a line: start pulse, falling edges with the kernel's timestamps, decode. Falling
/// edges only, because the kernel labels an edge by the level it finds when its thread wakes, and
/// two falling edges are never nearer than 76 µs.
class PulseCapture final : public Capture {
  public:
    PulseCapture(std::unique_ptr<gpio::Line> line, Model model);

    /// A line at rest: an input that is pulled up.
    static gpio::LineMode resting();
    /// How many edges the line's buffer must hold; an AM2301 makes 66.
    static constexpr std::size_t kEdgesMax = 256;

    Captured read() override;

  private:
    Attempt<base::Done> begin();
    Attempt<std::vector<std::int64_t>> listen();

    std::unique_ptr<gpio::Line> line_;
    Model model_;
};

/// Captures through the kernel's own driver (dtoverlay=dht11,gpiopin=4), by way of sysfs.
class IioCapture final : public Capture {
  public:
    /// Finds the device below `root` (/sys/bus/iio/devices): the one of that name ("iio:device0"),
    /// or the only one that measures humidity. Transient when there is none yet, misconfigured when
    /// there are several.
    static base::Result<std::unique_ptr<Capture>> open(const std::string& root,
                                                       const std::string& device, Model model);
    Captured read() override;

  private:
    IioCapture(std::string folder, Model model) : folder_(std::move(folder)), model_(model) {}
    Attempt<double> thousandths(const std::string& file) const;

    std::string folder_;
    Model model_;
};

}  // namespace drivers::dht
