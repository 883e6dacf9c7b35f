#include "agent/commands/log_volume.hpp"

namespace agent {

void LogVolume::configure(base::LogLevel level) {
    configured_ = level;
    until_.reset();
    apply(level);
}

void LogVolume::set(base::LogLevel level, std::optional<base::Duration> lasting,
                    base::Instant now) {
    until_.reset();
    if (lasting) until_ = now + *lasting;
    apply(level);
}

void LogVolume::tick(base::Instant now) {
    if (until_ && now >= *until_) configure(configured_);
}

void LogVolume::apply(base::LogLevel level) {
    level_ = level;
    base::set_log_level(level);
}

}  // namespace agent
