// Goal: leat-agent reads a DHT11's frames correctly through a real kernel: its GPIO devices,
// interrupts and queues. Method: an arm64 board in QEMU with Debian's kernel and the kernel's own
// simulated chip; guest/player.cpp plays the frames of guest/frames at the data sheet's
// microseconds, and every instruction takes the same time, so that the edges are exact on any
// machine. Reproduce: ./dev test hil_test.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <fstream>
#include <sstream>
#include <vector>

#include "hil/board.hpp"

namespace {

/// A frame and what it means.
struct Frame {
    std::string bytes;
    double humidity_percent = 0;
    double temperature_celsius = 0;
};

std::vector<Frame> frames() {
    std::vector<Frame> result;
    std::ifstream file(FRAMES);
    for (std::string line; std::getline(file, line);) {
        std::istringstream text(line);
        unsigned bytes[4]{};
        Frame frame;
        for (auto& byte : bytes) text >> byte;
        text >> frame.humidity_percent >> frame.temperature_celsius;
        REQUIRE_FALSE(text.fail());
        frame.bytes = fmt::format("{} {} {} {}", bytes[0], bytes[1], bytes[2], bytes[3]);
        result.push_back(frame);
    }
    return result;
}

/// What the agent printed for each frame, one after another: the lines of `leat-agent test`.
std::vector<std::string> words_after(const std::string& console, const std::string& series) {
    std::vector<std::string> result;
    std::istringstream text(console);
    for (std::string line; std::getline(text, line);) {
        std::istringstream words(line);
        std::string name;
        std::string value;
        if (words >> name >> value && name == series) result.push_back(value);
    }
    return result;
}

}  // namespace

TEST_CASE(
    "each frame that a DHT11 sends is read right through a real kernel, and silence is told") {
    hil::skip_without_board();
    const auto played = frames();
    REQUIRE(played.size() >= 40);
    hil::Board board({.scene = "frames", .words = {}, .own_time = true});
    CHECK(board.ends(std::chrono::minutes{4}));
    const auto console = board.console();
    CAPTURE(console);
    CHECK(console.find("no reading: no response") != std::string::npos);
    CHECK(console.find("no line is called GPIO44; the nearest are GPIO4") != std::string::npos);
    CHECK(console.find("HIL: player ended with 0") != std::string::npos);
    const auto humidities = words_after(console, "climate.humidity");
    const auto temperatures = words_after(console, "climate.temperature");
    REQUIRE(humidities.size() == played.size());
    REQUIRE(temperatures.size() == played.size());
    std::size_t right = 0;
    for (std::size_t i = 0; i < played.size(); ++i) {
        CAPTURE(played[i].bytes);
        const bool same = humidities[i] == fmt::format("{}", played[i].humidity_percent) &&
                          temperatures[i] == fmt::format("{}", played[i].temperature_celsius);
        CHECK(same);
        if (same) ++right;
    }
    fmt::print("DHT11 through a real kernel: {} of {} frames right\n  {}\n", right, played.size(),
               board.told());
}
