#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/json.hpp"
#include "central/detect/core/finding.hpp"

namespace alerts {

/// Whether an alert holds.
enum class State : std::uint8_t {
    open,
    unknown,  // It held when its source was last heard; silence says nothing of it.
    closed,
};
std::string_view to_text(State state);
std::optional<State> state_of(std::string_view text);

/// Something that a person should know of, from its opening to its closing. It is opened once and
/// changes its revision with everything that people would see; what begins again soon is the same.
struct Alert {
    std::string id;        // Permanent: 16 hexadecimal digits.
    std::string code;      // Of the rule that opened it: "node_silent", "limit".
    std::string node{};    // Empty: of the whole line.
    std::string series{};  // "climate.temperature"; empty: of no series alone.
    detect::Severity severity = detect::Severity::warning;
    State state = State::open;
    base::EventTime opened;
    base::EventTime updated;  // When it changed last.
    std::optional<base::EventTime> closed{};
    std::uint32_t times = 1;     // How often it came back: what flaps is one alert.
    std::uint64_t revision = 1;  // Grows with each change.
    std::string sentence;        // For people: what, where, since when.
    std::string advice{};        // What to do next; empty: nothing better than to look.
    bool is_silenced = false;    // A person wants to hear nothing of it for a time.

    friend bool operator==(const Alert&, const Alert&) = default;
};

/// The one form in which an alert is told to programs: in the API, over MQTT, to webhooks and
/// commands. Times are milliseconds since 1970, UTC.
void write_alert(base::JsonWriter& json, const Alert& alert);

}  // namespace alerts
