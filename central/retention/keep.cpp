#include "central/retention/keep.hpp"

#include <fmt/format.h>

namespace retention {

const Keep& KeepReadings::keep(const std::string& quantity) const {
    const auto own = of.find(quantity);
    return own == of.end() ? fallback : own->second;
}

std::string KeepReadings::words() const {
    const auto options = singles();
    return fmt::format("{} but {}", options.is_default_kept ? "all" : "none",
                       fmt::join(options.exceptions, ", "));
}

engine::SingleOptions KeepReadings::singles() const {
    engine::SingleOptions options{.is_default_kept = fallback.is_kept, .exceptions = {}};
    for (const auto& [quantity, keep] : of) {
        if (keep.is_kept != fallback.is_kept) options.exceptions.insert(quantity);
    }
    return options;
}

KeepWindows default_keep(const std::vector<base::Duration>& spans) {
    using namespace std::chrono_literals;
    KeepWindows keep;
    for (const auto span : spans) {
        if (span < 1h) keep[span] = span < 15min ? 90 * 24h : 365 * 24h;
    }
    return keep;
}

}  // namespace retention
