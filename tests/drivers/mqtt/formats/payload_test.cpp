#include "drivers/mqtt/formats/payload.hpp"

#include <doctest/doctest.h>

#include <string>

using drivers::mqtt::read_availability;
using drivers::mqtt::read_value;

namespace {

struct Good {
    const char* text;
    double number;
    bool truth;
};

const Good kGood[] = {{"21.5", 21.5, false}, {"-3", -3, false}, {" 7\r\n", 7, false},
                      {"1e3", 1000, false},  {"0", 0, false},   {"ON", 1, true},
                      {"off", 0, true},      {"true", 1, true}, {"False", 0, true}};

const char* const kBad[] = {"",       " ",    "nan",   "NaN",  "inf", "-inf", "1,5",
                            "21.5 C", "0x10", "1e999", "open", "--1", "1 2",  "on off"};

}  // namespace

TEST_CASE("a text is a number or a truth, or it is nothing") {
    for (const auto& row : kGood) {
        CAPTURE(row.text);
        const auto value = read_value(std::string_view{row.text});
        REQUIRE(value);
        CHECK(value->number == row.number);
        CHECK(value->truth == row.truth);
    }
    for (const auto* text : kBad) {
        CAPTURE(text);
        CHECK_FALSE(read_value(std::string_view{text}));
    }
    CHECK_FALSE(read_value(std::string(100, '1')));
}

TEST_CASE("devices say that they are there, or not, in several ways") {
    for (const auto* payload :
         {"online", "Online", "ready", "init", "sleeping", R"({"state":"online"})"}) {
        CAPTURE(payload);
        const auto word = read_availability(payload);
        REQUIRE(word);
        CHECK(drivers::mqtt::is_available(*word));
    }
    for (const auto* payload :
         {"offline", "Offline\n", "lost", "disconnected", "alert", R"({"state":"offline"})"}) {
        CAPTURE(payload);
        const auto word = read_availability(payload);
        REQUIRE(word);
        CHECK_FALSE(drivers::mqtt::is_available(*word));
    }
    for (const auto* payload : {"maybe", R"({"state":1})", R"({"status":"online"})", "{", "{}"}) {
        CAPTURE(payload);
        CHECK_FALSE(read_availability(payload));
    }
}
