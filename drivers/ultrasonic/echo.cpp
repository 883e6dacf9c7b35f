#include "drivers/ultrasonic/echo.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <utility>

#include "base/ensure.hpp"

namespace drivers::ultrasonic {

namespace {

constexpr double kSpeedAtZero = 331.3;  // m/s
constexpr double kZeroKelvin = 273.15;
constexpr double kWidthLeastUs = 116;  // 2 cm, the data sheet's least.
constexpr double kTimeOutUs = 36'000;  // The module gives up at 36 to 38 ms.
constexpr double kDeviationsMost = 3;
constexpr double kDeviationLeast_m = 0.01;  // 50 µs of interrupt jitter are 0.9 cm.

Refusal refusal(std::string reason, Sign sign) {
    return {.reason = std::move(reason), .sign = sign};
}

double median(std::vector<double> values) {
    ENSURE(!values.empty());
    std::sort(values.begin(), values.end());
    const auto middle = values.size() / 2;
    if (values.size() % 2 == 1) return values[middle];
    return (values[middle - 1] + values[middle]) / 2;
}

double without_outliers(const std::vector<double>& values) {
    const double centre = median(values);
    std::vector<double> deviations;
    for (const auto value : values) deviations.push_back(std::abs(value - centre));
    const double most = kDeviationsMost * std::max(median(deviations), kDeviationLeast_m / 3);
    std::vector<double> kept;
    std::copy_if(values.begin(), values.end(), std::back_inserter(kept),
                 [&](double value) { return std::abs(value - centre) <= most; });
    return median(std::move(kept));
}

Refusal most_frequent(const std::map<Refusal, std::size_t>& refusals) {
    if (refusals.empty()) return refusal("too few echoes", Sign::inconsistent);
    return std::max_element(refusals.begin(), refusals.end(),
                            [](const auto& l, const auto& r) { return l.second < r.second; })
        ->first;
}

}  // namespace

double speed_of_sound(double temperature_celsius) {
    return kSpeedAtZero * std::sqrt(1 + temperature_celsius / kZeroKelvin);
}

Attempt<Echo> decode_echo(std::span<const gpio::Edge> edges, double temperature_celsius,
                          const EchoLimits& limits) {
    if (edges.empty()) return refusal("no echo", Sign::no_answer);
    if (edges.size() == 1 && edges[0].rising) return refusal("stuck echo", Sign::endless);
    if (edges.size() != 2 || !edges[0].rising || edges[1].rising) {
        return refusal("merged edges", Sign::damaged);
    }
    const double width_us = static_cast<double>(edges[1].time_ns - edges[0].time_ns) / 1000;
    if (width_us < kWidthLeastUs) return refusal("too close", Sign::too_close);
    const double distance = width_us * 1e-6 * speed_of_sound(temperature_celsius) / 2;
    if (width_us >= kTimeOutUs || distance > limits.distance_max_m) return Echo{};
    return Echo{.distance_m = distance};
}

Attempt<Echo> combine_echoes(std::span<const Attempt<Echo>> pings) {
    std::vector<double> distances;
    std::size_t out_of_range = 0;
    std::map<Refusal, std::size_t> refusals;
    for (const auto& ping : pings) {
        if (!ping) {
            ++refusals[ping.refusal()];
        } else if (ping.value().distance_m) {
            distances.push_back(*ping.value().distance_m);
        } else {
            ++out_of_range;
        }
    }
    const auto needed = pings.size() / 2 + 1;
    if (distances.size() >= needed) return Echo{.distance_m = without_outliers(distances)};
    if (out_of_range >= needed) return Echo{};
    return most_frequent(refusals);
}

}  // namespace drivers::ultrasonic
