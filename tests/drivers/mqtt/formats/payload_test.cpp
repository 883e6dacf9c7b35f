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

TEST_CASE("a number may have a sign, quotes and a unit") {
    using drivers::mqtt::read_said;
    struct Written {
        const char* text;
        double number;
        const char* unit;
    };
    for (const auto& row :
         {Written{"21.5 C", 21.5, "C"}, Written{"70.7°F", 70.7, "°F"}, Written{"+21.5", 21.5, ""},
          Written{"\"21.5\"", 21.5, ""}, Written{"−5.0", -5, ""}, Written{"1e3 m", 1000, "m"},
          Written{"45%", 45, "%"}, Written{"3 m/s", 3, "m/s"}}) {
        CAPTURE(row.text);
        const auto said = read_said(std::string_view{row.text}, false);
        REQUIRE(said.value);
        CHECK(said.value->number == row.number);
        CHECK(said.unit == row.unit);
    }
    for (const auto* text : {"21.5 furlongs", "+-5", "21 22", "C", "5 m 3 m", "0x10"}) {
        CAPTURE(text);
        CHECK_FALSE(read_said(std::string_view{text}, false).value);
    }
}

TEST_CASE("devices say that they are there, or not, in several ways") {
    using drivers::mqtt::Availability;
    const Availability there{true, "online"};
    for (const auto* payload :
         {"online", "Online", "ready", "init", "sleeping", R"({"state":"online"})", "true", "TRUE",
          "1", "on", "connected", "Alive", R"({"online":true})", R"({"value":true,"time":1})",
          R"({"status":"Online"})", R"({"connected":1})", R"({"state":"ONLINE","rssi":-60})"}) {
        CAPTURE(payload);
        CHECK(read_availability(payload) == there);
    }
    const Availability gone{false, "offline"};
    for (const auto* payload :
         {"offline", "Offline\n", "false", "0", "off", "down", R"({"state":"offline"})",
          R"({"online":false})", R"({"value":0})"}) {
        CAPTURE(payload);
        CHECK(read_availability(payload) == gone);
    }
    for (const auto* word :
         {"lost", "disconnected", "alert", "dead", "unavailable", "connection lost"}) {
        CAPTURE(word);
        CHECK(read_availability(word) == Availability{false, word});
    }
    for (const auto* payload : {"maybe", R"({"state":2})", R"({"state":null})", "{", "{}", "2",
                                R"({"mode":"online"})", "announce"}) {
        CAPTURE(payload);
        CHECK_FALSE(read_availability(payload));
    }
}

TEST_CASE("any pair of words can be named, and takes precedence over what is known") {
    using drivers::mqtt::Availability;
    const drivers::mqtt::AvailabilityWords words{.there = "Da", .gone = "1"};
    CHECK(read_availability("da", words) == Availability{true, "online"});
    CHECK(read_availability("1", words) == Availability{false, "offline"});
    CHECK(read_availability(R"({"state":"da"})", words) == Availability{true, "online"});
    CHECK(read_availability("online", words) == Availability{true, "online"});
    CHECK_FALSE(read_availability("nyet", words));
}

TEST_CASE("a word that is no JSON becomes a text, and the rest stays") {
    const auto json = drivers::mqtt::parse_payload(R"({"a":nan,"b":[1,-Infinity],"c":2.5})");
    REQUIRE(json);
    CHECK(json.value().find("a")->string == "nan");
    CHECK(json.value().find("c")->number == 2.5);
    CHECK(drivers::mqtt::parse_payload(std::string_view{"{\"a\":1}\0", 8}));
    CHECK_FALSE(drivers::mqtt::parse_payload("{\"a\":21,5}"));
    const auto broken = drivers::mqtt::parse_payload("{\"a\":nan");
    REQUIRE_FALSE(broken);
    CHECK(broken.error().detail == "not JSON at byte 7");
}

TEST_CASE("the decimal sign of a text is a point or a comma, and never either") {
    using drivers::mqtt::read_said;
    CHECK(read_said("21,5", true).value->number == 21.5);
    CHECK(read_said(" -0,5\n", true).value->number == -0.5);
    CHECK(read_said("21", true).value->number == 21);
    CHECK(read_said("21.5", false).value->number == 21.5);
    CHECK(read_said("21,5", false).why == "a decimal comma");
    CHECK(read_said("21.5", true).why == "a decimal point");
    for (const bool comma : {false, true}) {
        CAPTURE(comma);
        CHECK(read_said("1,234.5", comma).why == "not a number");
        CHECK(read_said("warm, dry", comma).why == "not a number");
        CHECK(read_said(",", comma).why == "not a number");
    }
}
