#include "agent/node/card_life.hpp"

#include <algorithm>

namespace agent {

namespace {

constexpr base::Duration kStartUp = std::chrono::minutes{10};
constexpr base::Duration kDay = std::chrono::hours{24};

}  // namespace

std::optional<CardLife> card_life(std::optional<std::uint64_t> written, base::Duration uptime,
                                  std::uint64_t endurance) {
    if (!written || uptime < kStartUp) return std::nullopt;
    const double days_up = static_cast<double>(uptime.count()) / static_cast<double>(kDay.count());
    const double pace = static_cast<double>(*written) / days_up;
    CardLife life{.bytes_a_day = static_cast<std::uint64_t>(pace), .days = {}};
    if (endurance == 0) return life;
    const double days = static_cast<double>(endurance) / std::max(pace, 1.0);
    life.days = static_cast<std::uint64_t>(std::min(days, static_cast<double>(CardLife::kDaysMax)));
    return life;
}

}  // namespace agent
