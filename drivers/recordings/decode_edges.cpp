#include "drivers/recordings/decode_edges.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstdint>
#include <map>

#include "base/json.hpp"
#include "drivers/dht/recording.hpp"
#include "drivers/gpio/line.hpp"
#include "drivers/recordings/changes.hpp"
#include "drivers/ultrasonic/echo.hpp"

namespace drivers::recordings {

namespace {

constexpr double kTemperature = 20;

base::Error malformed(std::string detail) {
    return {base::Fault::malformed, std::move(detail)};
}

/// A whole number is written out: 200000, not 2e+05.
base::JsonWriter& write_time(base::JsonWriter& json, double t_us) {
    json.key("t_us");
    return t_us == std::floor(t_us) ? json.value(static_cast<std::int64_t>(t_us))
                                    : json.value(t_us);
}

/// The lines of the answer, and how often each reason came up.
struct Answer {
    DecodedEdges lines;
    std::map<std::string, std::size_t> reasons;

    void refuse(double t_us, const std::string& reason) {
        ++reasons[reason];
        base::JsonWriter json;
        write_time(json.begin_object(), t_us).member("reason", reason).end_object();
        lines.refused.push_back(json.take());
    }
};

Answer decode_dht(dht::Model model, std::span<const dht::LevelChange> changes) {
    Answer answer;
    const auto recording = dht::decode_recording(model, changes);
    for (const auto& refused : recording.refused) answer.refuse(refused.t_us, refused.reason);
    for (const auto& frame : recording.frames) {
        base::JsonWriter json;
        write_time(json.begin_object(), frame.t_us)
            .member("humidity_percent", frame.climate.humidity_percent)
            .member("temperature_celsius", frame.climate.temperature_celsius)
            .end_object();
        answer.lines.frames.push_back(json.take());
    }
    return answer;
}

void decode_pulse(std::span<const gpio::Edge> edges, double t_us, Answer& answer) {
    const auto echo = ultrasonic::decode_echo(edges, kTemperature, {});
    if (!echo) return answer.refuse(t_us, echo.refusal().reason);
    if (!echo.value().distance_m) return answer.refuse(t_us, "out of range");
    base::JsonWriter json;
    write_time(json.begin_object(), t_us)
        .member("distance_m", *echo.value().distance_m)
        .end_object();
    answer.lines.frames.push_back(json.take());
}

Answer decode_hcsr04(std::span<const dht::LevelChange> changes) {
    Answer answer;
    std::vector<gpio::Edge> pulse;
    double began_us = 0;
    for (const auto& change : changes) {
        if (change.level == !pulse.empty()) continue;  // No edge: the level is the same.
        if (change.level) began_us = change.time_us;
        pulse.push_back({.time_ns = std::llround(change.time_us * 1000), .rising = change.level});
        if (change.level) continue;
        decode_pulse(pulse, began_us, answer);
        pulse.clear();
    }
    if (!pulse.empty()) decode_pulse(pulse, began_us, answer);
    return answer;
}

base::Error no_frame(const Answer& answer) {
    std::string reasons;
    for (const auto& [reason, times] : answer.reasons) {
        reasons += fmt::format("{}{} ({} times)", reasons.empty() ? "" : ", ", reason, times);
    }
    return malformed(fmt::format("no frame: {}", reasons.empty() ? "no edges" : reasons));
}

}  // namespace

base::Result<DecodedEdges> decode_edges(std::string_view kind, std::istream& csv) {
    const auto model = dht::parse_model(kind);
    if (!model && kind != "hcsr04") {
        return base::Error{base::Fault::misconfigured,
                           fmt::format("\"{}\" is none of dht11, dht22, hcsr04", kind)};
    }
    const auto changes = read_changes(csv);
    if (!changes) return changes.error();
    auto answer = model ? decode_dht(*model, changes.value()) : decode_hcsr04(changes.value());
    if (answer.lines.frames.empty()) return no_frame(answer);
    return std::move(answer.lines);
}

}  // namespace drivers::recordings
