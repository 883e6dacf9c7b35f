#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>

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

}  // namespace retention
