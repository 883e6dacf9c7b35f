#include "central/detect/odd/usual.hpp"

#include <algorithm>
#include <chrono>

namespace detect::odd {

namespace {

constexpr int kLeastDays = 3;

struct Place {
    std::size_t hour;
    std::uint16_t day;
};

/// Days outside 1970..2149 share what they know with others 179 years away.
Place place_of(base::EventTime at) {
    const auto day = std::chrono::floor<std::chrono::days>(at);
    const auto hour = std::chrono::floor<std::chrono::hours>(at - day).count();
    return {.hour = static_cast<std::size_t>(hour),
            .day = static_cast<std::uint16_t>(day.time_since_epoch().count())};
}

}  // namespace

std::optional<Band> Usual::at(base::EventTime at) const {
    const auto [hour, today] = place_of(at);
    std::optional<Band> band;
    for (const auto& [least, most, day] : hours_[hour]) {
        const int age = today - day;
        if (day == 0 || age < 1 || age > int{kDays}) continue;
        if (!band)
            band = Band{.low = static_cast<double>(least), .high = static_cast<double>(most)};
        band->low = std::min(band->low, static_cast<double>(least));
        band->high = std::max(band->high, static_cast<double>(most));
        ++band->days;
    }
    return band && band->days >= kLeastDays ? band : std::nullopt;
}

void Usual::learn(base::EventTime at, double least, double most) {
    const auto [hour, today] = place_of(at);
    auto& slot = hours_[hour][today % kDays];
    if (slot.day != today)
        slot = {.least = static_cast<float>(least), .most = static_cast<float>(most), .day = today};
    slot.least = std::min(slot.least, static_cast<float>(least));
    slot.most = std::max(slot.most, static_cast<float>(most));
}

}  // namespace detect::odd
