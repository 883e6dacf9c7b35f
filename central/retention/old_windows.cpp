#include "central/retention/old_windows.hpp"

#include <chrono>
#include <utility>

namespace retention {

OldWindows::OldWindows(sinks::KeptWindows& windows, base::Counters& counters, KeepWindows keep,
                       std::size_t windows_max)
    : windows_(windows),
      keep_(std::move(keep)),
      windows_max_(windows_max),
      removed_(counters.counter("leat_central_windows_outdated_total",
                                "Windows removed because they were too old.")),
      length_(keep_.begin()) {}

void OldWindows::begin() {
    length_ = keep_.begin();
    is_given_up_ = false;
    series_ = 0;
}

base::Result<bool> OldWindows::step(base::EventTime now) {
    if (length_ == keep_.end()) return false;
    const auto& [span, age] = *length_;
    if (!is_given_up_) {
        const auto day = std::chrono::floor<std::chrono::days>(now - age);
        if (auto given = windows_.give_up(span, day); !given) return given.error();
        is_given_up_ = true;
    }
    const auto removed = windows_.remove_windows(span, series_, windows_max_);
    if (!removed) return removed.error();
    removed_.add(removed.value().windows);
    series_ = removed.value().series;
    if (removed.value().windows >= windows_max_) return true;
    ++length_;
    is_given_up_ = false;
    series_ = 0;
    return length_ != keep_.end();
}

}  // namespace retention
