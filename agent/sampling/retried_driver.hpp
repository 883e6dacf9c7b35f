#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "drivers/core/driver.hpp"

namespace agent {

/// A sensor whose device was absent or busy at the start. It is opened again every 30 s, until it
/// opens; until then it has no quantities, and every attempt that fails is a failure.
class RetriedDriver final : public drivers::Driver {
  public:
    using Open = std::function<base::Result<std::unique_ptr<drivers::Driver>>()>;

    /// The first attempt was made `now`, and failed because of `why`.
    RetriedDriver(Open open, std::string why, base::Instant now);

    const std::vector<drivers::Quantity>& quantities() const override;
    void trigger(base::Instant now) override;
    drivers::Harvest collect(base::Instant now, std::size_t measurements_max) override;
    base::Duration rest() const override {
        return driver_ != nullptr ? driver_->rest() : base::Duration::zero();
    }
    bool can_wait() const override { return driver_ != nullptr && driver_->can_wait(); }

  private:
    static constexpr base::Duration kRetryEvery = std::chrono::seconds{30};

    Open open_;
    std::unique_ptr<drivers::Driver> driver_;  // Null until it has been opened.
    std::optional<std::string> why_;           // The last attempt failed, until a harvest says so.
    base::Instant tried_;
};

}  // namespace agent
