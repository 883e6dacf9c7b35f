#include "drivers/recordings/decode_edges.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <map>

#include "base/json.hpp"
#include "drivers/dht/recording.hpp"
#include "drivers/gpio/line.hpp"
#include "drivers/ultrasonic/echo.hpp"

namespace drivers::recordings {

namespace {

// A minute of a DHT22 at its fastest makes 2 600. A gigabyte by mistake must not fill the memory.
constexpr std::size_t kChangesMax = 1'000'000;
constexpr std::size_t kRowBytesMax = 256;
constexpr double kTemperature = 20;
constexpr double kLatest_us = 1e12;

base::Error malformed(std::string detail) {
    return {base::Fault::malformed, std::move(detail)};
}

/// The lines of the answer, and how often each reason came up.
struct Answer {
    DecodedEdges lines;
    std::map<std::string, std::size_t> reasons;

    void refuse(double t_us, const std::string& reason) {
        ++reasons[reason];
        base::JsonWriter json;
        json.begin_object().member("t_us", t_us).member("reason", reason).end_object();
        lines.refused.push_back(json.take());
    }
};

base::Result<dht::LevelChange> parse_row(std::string_view row, std::size_t number) {
    if (row.ends_with('\r')) row.remove_suffix(1);
    dht::LevelChange change;
    const auto* end = row.data() + row.size();
    const auto time = std::from_chars(row.data(), end, change.time_us);
    const bool usable = time.ec == std::errc{} && std::abs(change.time_us) < kLatest_us;
    const std::string_view rest(time.ptr, static_cast<std::size_t>(end - time.ptr));
    if (!usable || (rest != ",0" && rest != ",1")) {
        return malformed(fmt::format("line {} is not time_us,level", number));
    }
    change.level = rest == ",1";
    return change;
}

base::Result<std::vector<dht::LevelChange>> parse_changes(std::istream& csv) {
    std::vector<dht::LevelChange> changes;
    std::array<char, kRowBytesMax> buffer{};
    std::size_t number = 1;
    for (; csv.getline(buffer.data(), buffer.size()); ++number) {
        const std::string_view row{buffer.data()};
        if (row.empty() || row == "\r" || (number == 1 && row.starts_with("time_us"))) continue;
        const auto change = parse_row(row, number);
        if (!change) return change.error();
        if (!changes.empty() && change.value().time_us < changes.back().time_us) {
            return malformed(fmt::format("line {} is earlier than the one before", number));
        }
        if (changes.size() == kChangesMax) {
            return base::Error{base::Fault::exhausted,
                               fmt::format("more than {} edges", kChangesMax)};
        }
        changes.push_back(change.value());
    }
    if (!csv.eof()) return malformed(fmt::format("line {} is not time_us,level", number));
    return changes;
}

Answer decode_dht(dht::Model model, std::span<const dht::LevelChange> changes) {
    Answer answer;
    const auto recording = dht::decode_recording(model, changes);
    for (const auto& refused : recording.refused) answer.refuse(refused.t_us, refused.reason);
    for (const auto& frame : recording.frames) {
        base::JsonWriter json;
        json.begin_object()
            .member("t_us", frame.t_us)
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
    json.begin_object()
        .member("t_us", t_us)
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
    const auto changes = parse_changes(csv);
    if (!changes) return changes.error();
    auto answer = model ? decode_dht(*model, changes.value()) : decode_hcsr04(changes.value());
    if (answer.lines.frames.empty()) return no_frame(answer);
    return std::move(answer.lines);
}

}  // namespace drivers::recordings
