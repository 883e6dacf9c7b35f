#include "base/backoff.hpp"

#include <algorithm>

namespace base {

Duration Backoff::next() {
    ceiling_ = std::min(std::max(options_.first, ceiling_ * 2), options_.longest);
    const auto drawn = random_.below(static_cast<std::uint64_t>(ceiling_.count()));
    return Duration{static_cast<Duration::rep>(drawn) + 1};
}

}  // namespace base
