#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "base/clock.hpp"

namespace detect::odd {

/// Between which values a series lay at an hour of the day, on the days before.
struct Band {
    double low = 0;
    double high = 0;
    int days = 0;  // On how many days it is known.
};

/// The least and the most of each hour of the last fourteen days, in UTC. Of constant size
/// (2.7 KiB) and trivially copyable.
class Usual {
  public:
    static constexpr unsigned kDays = 14;

    /// The band at the hour of `at`, of the days before it; nothing when fewer than three are
    /// known.
    std::optional<Band> at(base::EventTime at) const;

    void learn(base::EventTime at, double least, double most);

  private:
    struct Hour {
        float least = 0;
        float most = 0;
        std::uint16_t day = 0;  // Since 1970; 0: unknown.
    };

    std::array<std::array<Hour, kDays>, 24> hours_{};
};

}  // namespace detect::odd
