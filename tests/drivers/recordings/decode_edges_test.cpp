#include "drivers/recordings/decode_edges.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <sstream>
#include <string>
#include <vector>

#include "drivers/gpio/pulse_frames.hpp"

namespace {

base::Result<drivers::recordings::DecodedEdges> decode(const char* kind, const std::string& csv) {
    std::istringstream stream(csv);
    return drivers::recordings::decode_edges(kind, stream);
}

}  // namespace

TEST_CASE("a recording of a DHT11 becomes one line of JSON for each frame") {
    std::string csv = "time_us,level\n0,0\n20000,1\n";
    base::Random random(1);
    for (const auto fall :
         pulse::falls_of(pulse::with_checksum({45, 0, 23, 4}), pulse::kDht11, random)) {
        const auto us = 20'000 + fall / 1000 - 960;
        csv += std::to_string(us) + ",0\n" + std::to_string(us + 50) + ",1\r\n";
    }
    const auto lines = decode("dht11", csv);
    REQUIRE(lines);
    REQUIRE(lines.value().frames.size() == 1);
    CHECK(lines.value().frames[0] ==
          R"({"t_us":20040,"humidity_percent":45,"temperature_celsius":23.4})");
}

TEST_CASE("the falling edges of a fault record are a recording too") {
    base::Random random(1);
    std::string csv = "time_us,level\n";
    for (const auto fall :
         pulse::falls_of(pulse::with_checksum({45, 0, 23, 4}), pulse::kDht11, random)) {
        csv += std::to_string(fall / 1000 - 1000) + ",0\n";
    }
    const auto lines = decode("dht11", csv);
    REQUIRE(lines);
    REQUIRE(lines.value().frames.size() == 1);
    CHECK(lines.value().frames[0] ==
          R"({"t_us":0,"humidity_percent":45,"temperature_celsius":23.4})");
}

TEST_CASE("echoes become distances at 20 degrees; bad ones have a reason") {
    const auto lines = decode("hcsr04",
                              "time_us,level\n0,0\n100,1\n5930.0,0\n"
                              "60000,1\n98000,0\n120000,1\n120050,0\n180000,1\n");
    REQUIRE(lines);
    REQUIRE(lines.value().frames.size() == 1);
    CHECK(lines.value().frames[0].starts_with(R"({"t_us":100,"distance_m":1.000)"));
    REQUIRE(lines.value().refused.size() == 3);
    CHECK(lines.value().refused[0] == R"({"t_us":60000,"reason":"out of range"})");
    CHECK(lines.value().refused[1] == R"({"t_us":120000,"reason":"too close"})");
    CHECK(lines.value().refused[2] == R"({"t_us":180000,"reason":"stuck echo"})");
}

TEST_CASE("a file that is not a recording is refused, with the line") {
    struct Row {
        const char* kind;
        std::string csv;
        const char* reason;
    };
    constexpr const char* kNoHeader =
        "line 1 is neither time_us,level nor a header with the unit of its time (\"Time [s]\") or "
        "below a sample rate";
    const Row rows[] = {
        {"dht11", "", "no frame: no edges"},
        {"dht11", "time_us,level\n", "no frame: no edges"},
        {"dht11", "time_us,level\n1,0\n2,2\n", "line 3 is not time_us,level"},
        {"dht11", "1,0\nx,1\n", "line 2 is not time_us,level"},
        {"dht11", "1e300,0\n", "line 1 is not time_us,level"},
        {"dht11", "nan,0\n", kNoHeader},
        {"dht11", "5,0\n4,1\n", "line 2 is earlier than the one before"},
        {"dht11", "5,0\n" + std::string(1000, '0'), "line 2 is not time_us,level"},
        {"dht11", "5,0\n" + std::string(2000, '0'), "line 2 is too long"},
        {"dht11", "5,0,1\n", "line 1 is not time_us,level"},
        {"dht11", "Time,D0\n0,1\n", kNoHeader},
        {"dht11", "Time [s],A,B\n0,1,1\n1,0,1\n2,0,0\n",
         "several channels change (A, B): export the one of the sensor"},
        {"dht11", "Time [s],A,B\n0,1,1\n", "no channel changes"},
        {"dht11", "Time [s],A\n0,1,1\n1,0\n",
         "line 3 is not a time and the levels of the channels"},
        {"dht11", "; Samplerate: 1 MHz\nlogic\n0\n2\n", "line 4 is not a row of levels"},
        {"dht11", "logic\n0\n1\n", kNoHeader},
        {"dht22", "100,0\n200,1\n5000000,0\n5000100,1\n", "no frame: no response (2 times)"},
        {"pir", "1,0\n", "\"pir\" is none of dht11, dht22, hcsr04"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.csv);
        const auto lines = decode(row.kind, row.csv);
        REQUIRE_FALSE(lines);
        CHECK(lines.error().detail == row.reason);
    }
}

namespace {

struct Level {
    int us;
    int level;
};

/// An echo of 5 830 us that begins at 200 000 us: 1 m at 20 degrees.
const std::vector<Level> kEcho{{0, 0}, {200'000, 1}, {205'830, 0}, {300'000, 0}};

std::string with_time(const std::string& header, double us_in_unit) {
    std::string csv = header + "\n";
    for (const auto& [us, level] : kEcho) {
        csv += fmt::format("{:.9f},{}\n", us / us_in_unit, level);
    }
    return csv;
}

std::string as_samples(const std::string& header, const std::string& before,
                       const std::string& behind) {
    std::string csv = header;
    for (int us = 0; us < 300'000; us += 10) {
        csv += before + (us >= 200'000 && us < 205'830 ? "1" : "0") + behind + "\n";
    }
    return csv;
}

}  // namespace

TEST_CASE("a recording is read as the programs of logic analysers write it") {
    struct Row {
        const char* name;
        std::string csv;
    };
    const std::vector<Row> rows{
        {"leat", with_time("time_us,level", 1)},
        {"Saleae Logic 2", with_time("Time [s],Channel 0", 1e6)},
        {"Saleae Logic 1", with_time("Time[s], Channel 0", 1e6)},
        {"Saleae Logic 2 with a trigger and more channels",
         "Time [s],Channel 0,Channel 1,Channel 2\r\n-0.100000000,1,0,X\r\n0.2,1,1,X\r\n"
         "0.205830000,1,0,X\r\n1.0,1,0,X\r\n"},
        {"DSView", with_time("; CSV, generated by libsigrok4DSL 0.2.0\n; Channels (1/16)\n"
                             "; Sample rate: 1 MHz\nTime(s), 0",
                             1e6)},
        {"sigrok with a time", with_time("; Samplerate: 1 MHz\nNanoseconds,logic", 1e-3)},
        {"sigrok", as_samples("; CSV generated by libsigrok 0.5.2 on Sat Nov 28 20:00:00 2026\n"
                              "; Channels (1/8): D0\n; Samplerate: 100 kHz\nlogic\n",
                              "", "")},
        {"sigrok of old, with channels that rest",
         as_samples("; Samplerate: 0.1 MHz\n", "0,", ",1") + "FRAME-END\n"},
    };
    for (const auto& row : rows) {
        CAPTURE(std::string{row.name});
        const auto lines = decode("hcsr04", row.csv);
        REQUIRE_MESSAGE(lines, (lines ? "" : lines.error().detail));
        REQUIRE(lines.value().frames.size() == 1);
        CHECK(lines.value().frames[0].starts_with(R"({"t_us":200000,"distance_m":1.0)"));
        CHECK(lines.value().refused.empty());
    }
}
