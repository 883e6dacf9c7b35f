#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "drivers/core/driver.hpp"

namespace agent {

/// A sensor whose device was absent or busy at the start: opened again every 30 s, so that it comes
/// by itself once it is there. Until then it has no quantities, and every failed try is a failure.
class RetriedDriver final : public drivers::Driver {
  public:
    using Open = std::function<base::Result<std::unique_ptr<drivers::Driver>>()>;

    /// `why` it could not be opened a moment ago, which was `now`.
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
    std::unique_ptr<drivers::Driver> driver_;  // Null until it could be opened.
    std::optional<std::string> why_;           // Of the last try, until it was told.
    base::Instant tried_;
};

}  // namespace agent
