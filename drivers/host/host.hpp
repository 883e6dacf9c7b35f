#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "drivers/core/pending.hpp"
#include "drivers/core/registry.hpp"

namespace drivers::host {

struct Options {
    std::string root = "/";               // The folder of proc, sys and the mount points.
    std::vector<std::string> disks{"/"};  // Mount points, at most 16.
    bool temperatures = true;
};

/// The machine's load, memory, disks and temperatures. What cannot be read is a failure at each
/// trigger; nothing is left out silently.
class Driver final : public drivers::Driver {
  public:
    /// Misconfigured when there is no /proc, or no such mount point.
    static base::Result<std::unique_ptr<drivers::Driver>> open(const Options& options);

    const std::vector<Quantity>& quantities() const override { return quantities_; }
    void trigger(base::Instant now) override;
    Harvest collect(base::Instant now, std::size_t measurements_max) override;

  private:
    using Read = std::function<base::Result<double>()>;

    explicit Driver(const Options& options, std::size_t processors);
    void add(Quantity quantity, Read read);
    void add_disks(const Options& options);
    void add_temperatures(const std::string& root);

    std::vector<Quantity> quantities_;
    std::vector<Read> reads_;  // As many as quantities_.
    Pending pending_;
};

/// For the registry.
DriverKind kind();

}  // namespace drivers::host
