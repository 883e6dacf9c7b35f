#pragma once

#include <optional>
#include <string>

#include "central/jobs/core/schedule.hpp"

namespace jobs {

/// A job that is configured, whether it ever ran or not.
struct Plan {
    std::string job;                     // Its name in the configuration.
    std::string kind;                    // "backup"
    std::optional<Schedule> schedule{};  // None: only when somebody runs it.
};

}  // namespace jobs
