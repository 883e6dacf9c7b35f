#include "central/detect/core/phrase.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <array>
#include <chrono>
#include <cmath>
#include <string_view>
#include <utility>

namespace detect {

namespace {

using namespace std::chrono_literals;

/// Units that SenML writes otherwise than people (RFC 8428 §12.1).
constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kSigns{
    {{"Cel", "°C"}, {"%RH", "% RH"}, {"%EL", "%"}, {"/", ""}, {"lx", "lx"}, {"count", ""}}};

std::string_view sign_of(std::string_view unit) {
    for (const auto& [name, sign] : kSigns) {
        if (name == unit) return sign;
    }
    return unit;
}

std::string number_text(double value) {
    const double size = std::abs(value);
    if (size >= 1e6 || (size < 0.01 && size > 0)) return fmt::format("{:.3g}", value);
    if (size >= 1000) return fmt::format("{:.0f}", value);
    if (size >= 10) return fmt::format("{:.1f}", value);
    return fmt::format("{:.2f}", value);
}

std::chrono::sys_time<std::chrono::seconds> seconds_of(base::EventTime at) {
    return std::chrono::floor<std::chrono::seconds>(at);
}

}  // namespace

std::string value_text(double value, const std::string& unit) {
    const auto sign = sign_of(unit);
    return sign.empty() ? number_text(value) : fmt::format("{} {}", number_text(value), sign);
}

std::string clock_text(base::EventTime at) {
    return fmt::format("{:%H:%M} UTC", seconds_of(at));
}

std::string time_text(base::EventTime at) {
    const auto day = std::chrono::floor<std::chrono::days>(at);
    const auto of_month = std::chrono::year_month_day{day}.day();
    return fmt::format("{} {:%b %H:%M} UTC", static_cast<unsigned>(of_month), seconds_of(at));
}

std::string length_text(base::Duration length) {
    const auto pair = [&](base::Duration large, const char* word, base::Duration small,
                          const char* other) {
        const auto rest = length % large / small;
        return rest == 0 ? fmt::format("{} {}", length / large, word)
                         : fmt::format("{} {} {} {}", length / large, word, rest, other);
    };
    if (length >= 48h) return pair(24h, "d", 1h, "h");
    if (length >= 2h) return pair(1h, "h", 1min, "min");
    if (length >= 2min) return fmt::format("{} min", length / 1min);
    return fmt::format("{} s", length / 1s);
}

}  // namespace detect
