#include <algorithm>
#include <cmath>
#include <cstdint>
#include <sstream>
#include <vector>

#include "base/ensure.hpp"
#include "base/json.hpp"
#include "drivers/dht/decode.hpp"
#include "drivers/recordings/decode_edges.hpp"
#include "drivers/ultrasonic/echo.hpp"
#include "fuzz/targets.hpp"

namespace fuzz {

namespace {

/// Takes numbers off the front of an input; zeros when it is used up.
class Numbers {
  public:
    explicit Numbers(std::string_view input) : rest_(input) {}

    bool any() const { return !rest_.empty(); }

    std::int64_t take(std::size_t bytes) {
        std::int64_t number = 0;
        for (std::size_t i = 0; i < bytes && !rest_.empty(); ++i) {
            number |= std::int64_t{static_cast<unsigned char>(rest_.front())} << (8 * i);
            rest_.remove_prefix(1);
        }
        return number;
    }

  private:
    std::string_view rest_;
};

constexpr std::size_t kEdgesMax = 4096;

std::vector<std::int64_t> later(std::vector<std::int64_t> times) {
    for (auto& time : times) time += 86'400'000'000'000;
    return times;
}

void check_frame(std::string_view line, bool is_dht) {
    const auto json = base::parse_json(line);
    ENSURE(json);
    const auto* time = json.value().find("t_us");
    ENSURE(time != nullptr && time->is_number());
    for (const char* name : {"humidity_percent", "temperature_celsius"}) {
        const auto* value = json.value().find(name);
        ENSURE((value != nullptr && value->is_number()) == is_dht);
    }
    ENSURE((json.value().find("distance_m") != nullptr) != is_dht);
}

}  // namespace

void dht_frame(std::string_view input) {
    Numbers numbers(input);
    const auto model =
        numbers.take(1) % 2 == 0 ? drivers::dht::Model::dht11 : drivers::dht::Model::dht22;
    std::vector<std::int64_t> falls{0};
    // Periods in steps of 10 ns.
    while (numbers.any() && falls.size() < kEdgesMax) {
        falls.push_back(falls.back() + 10 * numbers.take(2));
    }
    const auto climate = drivers::dht::decode_falls(model, falls);
    const auto again = drivers::dht::decode_falls(model, later(falls));
    ENSURE(static_cast<bool>(climate) == static_cast<bool>(again));
    if (!climate) {
        ENSURE(!climate.refusal().reason.empty());
        return;
    }
    ENSURE(drivers::dht::is_plausible(model, climate.value()));
    ENSURE(climate.value() == again.value());
    // 40 bits, two of which may have been lost.
    ENSURE(falls.size() > 38);
}

void hcsr04_echo(std::string_view input) {
    Numbers numbers(input);
    const auto celsius = static_cast<double>(numbers.take(1) % 121 - 40);
    std::vector<drivers::Attempt<drivers::ultrasonic::Echo>> pings;
    double least = 4;
    double most = 0;
    while (numbers.any() && pings.size() < 15) {
        std::vector<drivers::gpio::Edge> edges(static_cast<std::size_t>(numbers.take(1) % 5));
        std::int64_t now = 0;
        for (auto& edge : edges) {
            const auto step = numbers.take(4);
            edge = {.time_ns = now += step >> 1, .rising = step % 2 == 1};
        }
        pings.push_back(drivers::ultrasonic::decode_echo(edges, celsius, {}));
        if (!pings.back() || !pings.back().value().distance_m) continue;
        const auto distance = *pings.back().value().distance_m;
        ENSURE(std::isfinite(distance) && distance > 0.015 && distance <= 4);
        least = std::min(least, distance);
        most = std::max(most, distance);
    }
    const auto echo = drivers::ultrasonic::combine_echoes(pings);
    if (!echo || !echo.value().distance_m) return;
    ENSURE(*echo.value().distance_m >= least && *echo.value().distance_m <= most);
}

void edges_csv(std::string_view input) {
    for (const char* kind : {"dht11", "dht22", "hcsr04"}) {
        std::istringstream csv{std::string{input}};
        const auto decoded = drivers::recordings::decode_edges(kind, csv);
        if (!decoded) {
            ENSURE(!decoded.error().detail.empty());
            continue;
        }
        ENSURE(!decoded.value().frames.empty());
        const bool is_dht = std::string_view{kind} != "hcsr04";
        for (const auto& line : decoded.value().frames) check_frame(line, is_dht);
        for (const auto& line : decoded.value().refused) ENSURE(base::parse_json(line));
    }
}

}  // namespace fuzz
