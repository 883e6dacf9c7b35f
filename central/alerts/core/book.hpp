#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "central/alerts/core/alert.hpp"
#include "central/alerts/core/output.hpp"
#include "central/alerts/core/silence.hpp"

namespace alerts {

/// How far an output has brought an alert. Revision 0: it was offered, and may be on its way.
struct Delivery {
    std::string output;
    Delivered what;

    friend bool operator==(const Delivery&, const Delivery&) = default;
};

/// What a central that starts must know.
struct Kept {
    std::vector<Alert> alerts;  // That hold, ended lately, or whose end an output has yet to tell.
    std::vector<Delivery> deliveries;  // Of these.
};

/// Where alerts outlive the program.
class Book {
  public:
    virtual ~Book() = default;

    /// `since`: of the alerts that have ended, those that did so from then on.
    virtual base::Result<Kept> load(base::EventTime since) = 0;

    /// Writes them in place of older forms, all or nothing, durable when it returns. Gives how many
    /// of the oldest alerts that had ended were dropped, as there were too many.
    virtual base::Result<std::uint64_t> save(const std::vector<Alert>& alerts,
                                             const std::vector<Delivery>& deliveries) = 0;

    /// The silences that have not ended.
    virtual base::Result<std::vector<Silence>> silences(base::EventTime now) = 0;
};

}  // namespace alerts
