#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "drivers/tables/time_zone.hpp"

namespace alerts {

/// The hours of each day in which only what is critical is sent out, by the clocks of a region. By
/// default there are none.
class QuietHours {
  public:
    QuietHours() = default;

    /// "22:00-07:00", over midnight if need be; in "UTC", "Europe/Berlin" or "+01:00".
    /// Misconfigured when it is no such thing, or the machine does not know the region.
    static base::Result<QuietHours> parse(std::string_view text, const std::string& zone);

    bool contains(base::EventTime now) const;

  private:
    std::chrono::minutes from_{0};  // Since midnight.
    std::chrono::minutes to_{0};    // The same as from_: never.
    drivers::tables::TimeZone zone_;
};

}  // namespace alerts
