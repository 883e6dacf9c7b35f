#include "drivers/dht/capture.hpp"
#include "drivers/dht/decode.hpp"

namespace drivers::dht {

namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

// A DHT11 needs at least 18 ms, a DHT22 0.8 to 20 ms (data sheets). The wait is never shorter than
// this, and rarely more than a millisecond longer.
constexpr milliseconds kStartLow{18};

constexpr std::size_t kFallsOfAFrame = 42;
constexpr std::size_t kFallsOfALongFrame = 66;
constexpr milliseconds kAnswerMost{50};
constexpr milliseconds kSilence{10};

gpio::LineMode listening() {
    auto mode = PulseCapture::resting();
    mode.edges = gpio::LineMode::Edges::falling;
    return mode;
}

gpio::LineMode starting() {
    gpio::LineMode mode;
    mode.direction = gpio::LineMode::Direction::output;
    return mode;
}

std::vector<double> in_microseconds(const std::vector<std::int64_t>& falls_ns) {
    std::vector<double> result;
    for (const auto fall : falls_ns) {
        result.push_back(static_cast<double>(fall - falls_ns.front()) / 1000);
    }
    return result;
}

}  // namespace

PulseCapture::PulseCapture(std::unique_ptr<gpio::Line> line, Model model)
    : line_(std::move(line)), model_(model) {}

gpio::LineMode PulseCapture::resting() {
    gpio::LineMode mode;
    mode.bias = gpio::LineMode::Bias::pull_up;
    return mode;
}

Captured PulseCapture::read() {
    if (const auto begun = begin(); !begun) return {begun.refusal(), {}};
    const auto falls = listen();
    const auto rested = line_->configure(resting());
    if (!falls) return {falls.refusal(), {}};
    const auto climate = decode_falls(model_, falls.value());
    if (!climate) return {climate, in_microseconds(falls.value())};
    if (!rested) return {rested.error(), {}};
    return {climate, {}};
}

Attempt<base::Done> PulseCapture::begin() {
    // Prepared in advance, so that nothing but the system call lies between releasing the line and
    // listening. It also discards what the last answer left behind.
    if (const auto ready = line_->configure(listening()); !ready) return ready.error();
    const auto high = line_->level();
    if (!high) return high.error();
    if (!high.value()) return Refusal{.reason = "line stuck low", .sign = Sign::stuck_low};
    if (const auto low = line_->configure(starting()); !low) return low.error();
    if (const auto held = line_->wait(kStartLow); !held) return held.error();
    return base::Done{};
}

Attempt<std::vector<std::int64_t>> PulseCapture::listen() {
    // The line is not driven high first: the sensor may already be answering.
    if (const auto let_go = line_->configure(listening()); !let_go) return let_go.error();
    const auto wanted = model_ == Model::dht11 ? kFallsOfAFrame : kFallsOfALongFrame;
    std::vector<std::int64_t> falls;
    microseconds patience = kAnswerMost;
    while (falls.size() < wanted) {
        const auto arrived = line_->wait(patience);
        if (!arrived) return arrived.error();
        if (arrived.value().lost > 0) {
            return Refusal{.reason = "events lost", .sign = Sign::events_lost};
        }
        if (arrived.value().edges.empty()) break;
        for (const auto& edge : arrived.value().edges) falls.push_back(edge.time_ns);
        if (falls.back() - falls.front() > std::chrono::nanoseconds(kAnswerMost).count()) break;
        patience = kSilence;
    }
    return falls;
}

}  // namespace drivers::dht
