#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "drivers/core/driver.hpp"
#include "drivers/core/pending.hpp"

namespace agent {

/// A sensor whose device was absent or busy at the start. It is opened again every 30 s, until it
/// opens; until then it has no quantities, every reading that is due fails, and every attempt that
/// fails is told.
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

    void try_again(base::Instant now);
    void fail(std::uint64_t readings, base::Instant now);

    Open open_;
    std::unique_ptr<drivers::Driver> driver_;  // Null until it has been opened.
    std::string why_;                          // The last attempt failed.
    base::Instant tried_;
    drivers::Pending pending_{1};  // Holds failures only.
};

}  // namespace agent
