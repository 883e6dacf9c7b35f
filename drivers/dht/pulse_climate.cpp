#include "drivers/dht/decode.hpp"
#include "drivers/dht/source.hpp"

namespace drivers::dht {

namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

// A DHT11 wants at least 18 ms, a DHT22 at least 0.8 ms and at most 20 ms (data sheets). The wait
// is never shorter than asked and rarely more than a millisecond longer.
constexpr milliseconds kStartLow{18};

constexpr std::size_t kFallsOfAFrame = 42;
constexpr std::size_t kFallsOfALongFrame = 66;
constexpr milliseconds kAnswerMost{50};
constexpr milliseconds kSilence{10};

gpio::LineMode listening() {
    auto mode = PulseClimate::resting();
    mode.edges = gpio::LineMode::Edges::falling;
    return mode;
}

gpio::LineMode starting() {
    gpio::LineMode mode;
    mode.direction = gpio::LineMode::Direction::output;
    return mode;
}

base::Error failure(std::string_view reason) {
    return {base::Fault::transient, std::string{reason}};
}

std::vector<double> in_microseconds(const std::vector<std::int64_t>& falls_ns) {
    std::vector<double> result;
    for (const auto fall : falls_ns) {
        result.push_back(static_cast<double>(fall - falls_ns.front()) / 1000);
    }
    return result;
}

}  // namespace

PulseClimate::PulseClimate(std::unique_ptr<gpio::Line> line, Model model)
    : line_(std::move(line)), model_(model) {}

gpio::LineMode PulseClimate::resting() {
    gpio::LineMode mode;
    mode.bias = gpio::LineMode::Bias::pull_up;
    return mode;
}

ClimateOutcome PulseClimate::read() {
    if (const auto begun = begin(); !begun) return {begun.error(), {}};
    auto falls = listen();
    const auto rested = line_->configure(resting());
    if (!falls) return {falls.error(), {}};
    auto climate = decode_falls(model_, falls.value());
    if (climate && !rested) return {rested.error(), {}};
    if (climate) return {std::move(climate), {}};
    return {std::move(climate), in_microseconds(falls.value())};
}

base::Status PulseClimate::begin() {
    // Prepared beforehand, so that nothing but the system call stands between letting go and
    // listening. It also forgets what the last answer left behind.
    if (const auto ready = line_->configure(listening()); !ready) return ready;
    const auto high = line_->level();
    if (!high) return high.error();
    if (!high.value()) return failure("line stuck low");
    if (const auto low = line_->configure(starting()); !low) return low;
    if (const auto held = line_->wait(kStartLow); !held) return held.error();
    return base::Done{};
}

base::Result<std::vector<std::int64_t>> PulseClimate::listen() {
    // Never driven high first: the sensor may answer already.
    if (const auto let_go = line_->configure(listening()); !let_go) return let_go.error();
    const auto wanted = model_ == Model::dht11 ? kFallsOfAFrame : kFallsOfALongFrame;
    std::vector<std::int64_t> falls;
    microseconds patience = kAnswerMost;
    while (falls.size() < wanted) {
        const auto arrived = line_->wait(patience);
        if (!arrived) return arrived.error();
        if (arrived.value().lost > 0) return failure("events lost");
        if (arrived.value().edges.empty()) break;
        for (const auto& edge : arrived.value().edges) falls.push_back(edge.time_ns);
        if (falls.back() - falls.front() > std::chrono::nanoseconds(kAnswerMost).count()) break;
        patience = kSilence;
    }
    return falls;
}

}  // namespace drivers::dht
