#include "drivers/recordings/decode_edges.hpp"

#include <doctest/doctest.h>

#include <sstream>

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
    const Row rows[] = {
        {"dht11", "", "no frame: no edges"},
        {"dht11", "time_us,level\n", "no frame: no edges"},
        {"dht11", "time_us,level\n1,0\n2,2\n", "line 3 is not time_us,level"},
        {"dht11", "1,0\nx,1\n", "line 2 is not time_us,level"},
        {"dht11", "1e300,0\n", "line 1 is not time_us,level"},
        {"dht11", "nan,0\n", "line 1 is not time_us,level"},
        {"dht11", "5,0\n4,1\n", "line 2 is earlier than the one before"},
        {"dht11", "5,0\n" + std::string(1000, '0'), "line 2 is not time_us,level"},
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
