#pragma once

#include <optional>
#include <string>

#include "base/clock.hpp"
#include "central/detect/core/finding.hpp"

namespace alerts {

/// Something that is wrong now and needs a person. The page's first line, the `needs` of the API
/// and the alerts all are made from these, so that they never disagree.
struct Symptom {
    std::string code;      // For machines: "lost", "clock", "redis", or a finding's.
    std::string node{};    // Empty: of the whole line.
    std::string series{};  // "climate.temperature"; empty: of no series alone.
    detect::Severity severity = detect::Severity::warning;
    std::string sentence;
    std::string advice{};                    // What to do next; empty: nothing better than to look.
    std::optional<base::EventTime> since{};  // Nothing when that is not known.

    friend bool operator==(const Symptom&, const Symptom&) = default;
};

}  // namespace alerts
