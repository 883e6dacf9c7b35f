#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "central/engine/engine_options.hpp"

namespace retention {

/// How long single readings are kept.
struct Keep {
    bool is_kept = true;  // Those that come from now on.
    std::optional<base::Duration> age = std::chrono::hours{30 * 24};  // None: for ever.

    friend bool operator==(const Keep&, const Keep&) = default;
};

/// The same for each quantity. What is no longer kept at all goes with the others when it is old.
struct KeepReadings {
    Keep fallback{};
    std::map<std::string, Keep> of{};  // By quantity.

    const Keep& keep(const std::string& quantity) const;

    /// Of which quantities readings are kept: "all but light, motion".
    std::string words() const;

    /// What the engine must know of it.
    engine::SingleOptions singles() const;
};

/// How long windows of a length are kept; those of other lengths are kept for ever.
using KeepWindows = std::map<base::Duration, base::Duration>;

/// What is kept of windows of these lengths, ascending, where nothing else is said: those of less
/// than a quarter of an hour for 90 days, of less than an hour for a year.
KeepWindows default_keep(const std::vector<base::Duration>& spans);

}  // namespace retention
