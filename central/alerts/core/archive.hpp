#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "central/alerts/core/alert.hpp"

namespace alerts {

struct AlertRange {
    std::string node{};      // Empty: of all.
    std::string series{};    // Empty: of all.
    base::EventTime from{};  // Those that held in [from, to).
    base::EventTime to{};
    std::optional<bool> is_open{};         // Only those that hold, or only those that have ended.
    std::optional<std::int64_t> before{};  // Only those with a smaller number.
    std::size_t rows_max = 200;
};

/// An alert with its number in the order of opening.
struct Listed {
    std::int64_t number = 0;
    Alert alert;
};

/// What the API shows of alerts: those that hold, and those that have ended and are still kept.
class Archive {
  public:
    virtual ~Archive() = default;

    /// The newest first, by their numbers.
    virtual base::Result<std::vector<Listed>> list(const AlertRange& range) = 0;
};

}  // namespace alerts
