#include "drivers/serial/continuity.hpp"

#include <algorithm>
#include <utility>

namespace drivers::serial {

namespace {

/// More lines cannot be missing at once: the number was misread.
constexpr std::uint64_t kMissingMax = 1'000'000;

bool wraps_after(std::uint64_t number) {
    return number == 0xffU || number == 0xffffU || number == 0xffffffffU;
}

}  // namespace

Continuity::Observation Continuity::observe(std::optional<std::uint64_t> number, bool booted) {
    const bool fresh = std::exchange(fresh_, false);
    if (booted) {
        last_ = number;
        return {.repeated = false, .restarted = !fresh, .missing = 0};
    }
    if (!number) return {};
    const auto previous = std::exchange(last_, number);
    return previous ? compare(*previous, *number, fresh) : Observation{};
}

Continuity::Observation Continuity::compare(std::uint64_t previous, std::uint64_t number,
                                            bool fresh) const {
    Observation observed;
    if (number > previous) {
        observed.missing = number - previous - 1;
    } else if (number == 0 && wraps_after(previous)) {
        return observed;
    } else if (number == previous && number > 1 && !fresh) {
        observed.repeated = true;
    } else {
        observed.restarted = !fresh;
        observed.missing = number > 1 ? number : 0;
    }
    observed.missing = std::min(observed.missing, kMissingMax);
    return observed;
}

}  // namespace drivers::serial
