#include <doctest/doctest.h>

#include "drivers/gpio/pulse_frames.hpp"

using drivers::dht::Climate;
using drivers::dht::Model;

namespace {

struct Row {
    const char* name;
    Model model;
    std::array<std::uint8_t, 4> data;
    std::optional<Climate> climate;
};

}  // namespace

TEST_CASE("five bytes mean what the data sheets and the known clones say") {
    const Row rows[] = {
        {"old dht11", Model::dht11, {45, 0, 23, 0}, Climate{45, 23}},
        {"new dht11 with tenths", Model::dht11, {42, 3, 31, 4}, Climate{42.3, 31.4}},
        {"dht11 below zero", Model::dht11, {60, 0, 3, 0x85}, Climate{60, -3.5}},
        {"dht11 just below zero", Model::dht11, {60, 0, 0, 0x82}, Climate{60, -0.2}},
        {"dht11 at 100 percent", Model::dht11, {100, 0, 20, 0}, Climate{100, 20}},
        {"dht11 beyond 100 percent", Model::dht11, {100, 1, 20, 0}, std::nullopt},
        {"dht11 tenths that are none", Model::dht11, {45, 10, 23, 0}, std::nullopt},
        {"dht11 too hot", Model::dht11, {45, 0, 61, 0}, std::nullopt},
        {"dht11 too cold", Model::dht11, {45, 0, 21, 0x80}, std::nullopt},
        {"a dht22's bytes as dht11", Model::dht11, {2, 144, 0, 234}, std::nullopt},
        {"all zeros as dht11", Model::dht11, {0, 0, 0, 0}, std::nullopt},
        {"dht22", Model::dht22, {0x02, 0x8C, 0x01, 0x5F}, Climate{65.2, 35.1}},
        {"dht22, sign and magnitude", Model::dht22, {0x02, 0x8C, 0x80, 0x65}, Climate{65.2, -10.1}},
        {"dht22, minus zero", Model::dht22, {0x02, 0x8C, 0x80, 0x00}, Climate{65.2, 0}},
        {"dht22, two's complement", Model::dht22, {0x02, 0x8C, 0xFF, 0x4C}, Climate{65.2, -18.0}},
        {"dht22, two's complement of -0.1",
         Model::dht22,
         {0x02, 0x8C, 0xFF, 0xFF},
         Climate{65.2, -0.1}},
        {"dht22, coldest both ways", Model::dht22, {0x02, 0x8C, 0x81, 0x90}, Climate{65.2, -40}},
        {"dht22, coldest clone", Model::dht22, {0x02, 0x8C, 0xFE, 0x70}, Climate{65.2, -40}},
        {"dht22, too cold both ways", Model::dht22, {0x02, 0x8C, 0x81, 0x91}, std::nullopt},
        {"dht22, too cold for a clone", Model::dht22, {0x02, 0x8C, 0xFE, 0x6F}, std::nullopt},
        {"dht22, too hot", Model::dht22, {0x02, 0x8C, 0x03, 0x21}, std::nullopt},
        {"dht22, too humid", Model::dht22, {0x03, 0xE9, 0x01, 0x5F}, std::nullopt},
        {"a dht11's bytes as dht22", Model::dht22, {45, 0, 23, 0}, std::nullopt},
        {"all zeros as dht22", Model::dht22, {0, 0, 0, 0}, std::nullopt},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        CHECK(plausible_climate(row.model, pulse::with_checksum(row.data)) == row.climate);
    }
}

TEST_CASE("any single flipped bit breaks the checksum") {
    base::Random random(1);
    for (int frame = 0; frame < 200; ++frame) {
        const auto bytes = pulse::random_bytes(Model::dht22, random);
        CHECK(drivers::dht::checksum_holds(bytes));
        for (std::size_t bit = 0; bit < 40; ++bit) {
            auto flipped = bytes;
            flipped[bit / 8] = static_cast<std::uint8_t>(flipped[bit / 8] ^ (1U << bit % 8));
            CHECK_FALSE(drivers::dht::checksum_holds(flipped));
        }
    }
}
