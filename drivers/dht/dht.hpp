#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "drivers/core/pending.hpp"
#include "drivers/core/registry.hpp"
#include "drivers/dht/cadence.hpp"
#include "drivers/dht/capture.hpp"
#include "drivers/gpio/address.hpp"
#include "drivers/gpio/worker.hpp"

namespace drivers::dht {

struct Options {
    Model model = Model::dht22;
    bool through_kernel = false;  // Back end iio, else gpiod.
    std::string name;             // The sensor's; part of the line's consumer.
    gpio::LineAddress line;       // gpiod only.
    std::string devices = "/dev";
    std::string iio_root = "/sys/bus/iio/devices";
    std::string iio_device;  // Empty: the only one.
    CadenceOptions cadence;
};

/// A DHT11 or DHT22 (AM2301, AM2302): temperature and humidity. Each failed try is told with its
/// reason and its edges, but only the last one costs a reading; nothing is guessed.
class Driver final : public drivers::Driver {
  public:
    /// Opens the line or the kernel's device; the error says what to do.
    static base::Result<std::unique_ptr<drivers::Driver>> open(const Options& options);

    Driver(const Options& options, std::unique_ptr<Capture> capture);

    const std::vector<Quantity>& quantities() const override { return quantities_; }
    base::Duration rest() const override { return rest_; }
    void trigger(base::Instant now) override;
    Harvest collect(base::Instant now, std::size_t measurements_max) override;

    Cadence::State state() const { return cadence_.state(); }

  private:
    struct Ask {};

    void step(base::Instant now);
    void settle(const Captured& captured, base::Instant now);
    void accept(const Climate& climate, base::Instant now);
    void fail_try(const Refusal& refusal, std::vector<double> edges_us, base::Instant now);
    void fail(const Refusal& refusal, base::Instant now);
    void report_state();

    std::string name_;
    std::vector<Quantity> quantities_;
    base::Duration rest_;
    Cadence cadence_;
    Cadence::State reported_state_ = Cadence::State::stale;
    JumpGuard temperature_guard_;
    JumpGuard humidity_guard_;
    Pending pending_;
    std::optional<Refusal> retried_;  // Why the last try failed of a reading that is tried again.
    std::unique_ptr<Capture> capture_;
    gpio::Worker<Ask, Captured> worker_;  // Last: it uses the capture.
};

/// For the registry.
DriverKind kind();

}  // namespace drivers::dht
