#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "central/alerts/core/alert.hpp"
#include "central/alerts/core/moment.hpp"
#include "central/alerts/core/symptom.hpp"

namespace alerts_test {

using namespace std::chrono_literals;

inline constexpr base::EventTime kNoon = base::from_milliseconds(1'763'640'000'000);

/// So long after noon.
inline alerts::Moment after(base::Duration duration) {
    return {base::Instant{10h} + duration, kNoon + duration};
}

inline alerts::Symptom symptom(const std::string& code, const std::string& node = "attic",
                               const std::string& series = {}) {
    return {.code = code,
            .node = node,
            .series = series,
            .sentence = node + "/" + series + ": " + code};
}

inline alerts::Symptom critical(const std::string& code) {
    auto one = symptom(code, {});
    one.severity = detect::Severity::critical;
    return one;
}

using Symptoms = std::vector<alerts::Symptom>;

}  // namespace alerts_test
