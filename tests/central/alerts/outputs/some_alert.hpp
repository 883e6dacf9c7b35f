#pragma once

#include <string>

#include "central/alerts/core/alert.hpp"

namespace alerts_test {

/// An alert of attic/climate.temperature as it opens.
inline alerts::Alert some_alert(const std::string& id = "00000000000000a1",
                                std::uint64_t revision = 1) {
    return {.id = id,
            .code = "limit",
            .node = "attic",
            .series = "climate.temperature",
            .severity = detect::Severity::warning,
            .state = alerts::State::open,
            .opened = base::from_milliseconds(1'763'640'000'000),
            .updated = base::from_milliseconds(1'763'640'060'000),
            .revision = revision,
            .sentence = "attic/climate.temperature: 41 °C, above 30 °C since 12:00",
            .advice = "look at it"};
}

/// The same, when it is over.
inline alerts::Alert closed(alerts::Alert alert) {
    alert.state = alerts::State::closed;
    alert.closed = alert.updated;
    ++alert.revision;
    return alert;
}

}  // namespace alerts_test
