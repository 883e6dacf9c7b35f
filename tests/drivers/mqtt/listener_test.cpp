// Goal: a listener stays within its bounds whatever arrives, counts nothing twice and never mixes
// up two devices. Method: messages in, lines of text out.

#include "drivers/mqtt/listener.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "drivers/mqtt/heard.hpp"

using heard::Ear;

namespace {

const char* const kPlain =
    "format = \"plain\"\ntopics = [\"a/+/t\"]\nquantity = \"t:Cel\"\navailability = [\"a/+/on\"]\n";

}  // namespace

TEST_CASE("a retained value is not a reading, unless the operator accepts it") {
    Ear ear{kPlain};
    CHECK(ear.accept({{"a/b/t", "1", true}}).empty());
    CHECK(ear.accept({{"a/b/t", "1", false}}) == "b_t 1 Cel\n");
}

TEST_CASE("a retained value that is accepted counts once, not at every reconnect") {
    Ear ear{std::string{kPlain} + "retained = \"take\"\n"};
    CHECK(ear.accept({{"a/b/t", "1", true}}) == "b_t 1 Cel\n");
    CHECK(ear.accept({{"a/b/t", "1", true}}).empty());
    CHECK(ear.accept({{"a/b/t", "1", false}}) == "b_t 1 Cel\n");
    CHECK(ear.accept({{"a/b/t", "1", true}}).empty());
    CHECK(ear.accept({{"a/b/t", "2", true}}) == "b_t 2 Cel\n");
    CHECK(ear.accept({{"a/c/t", "2", true}}) == "c_t 2 Cel\n");
}

TEST_CASE("a device that goes is a failure once, also when it was gone before") {
    Ear ear{kPlain};
    CHECK(ear.accept({{"a/b/on", "online", true}}).empty());
    CHECK(ear.accept({{"a/b/on", "offline"}}) == "! offline: a/b\n");
    CHECK(ear.accept({{"a/b/on", "offline", true}}).empty());
    CHECK(ear.accept({{"a/b/on", "online"}}).empty());
    CHECK(ear.accept({{"a/b/on", "offline"}}) == "! offline: a/b\n");
    CHECK(ear.accept({{"a/c/on", R"({"state":"offline"})", true}}) == "! offline: a/c\n");
    CHECK(ear.accept({{"a/b/on", "?"}}) ==
          "! availability not understood: a/b ?; say in payload_available or "
          "payload_not_available what it means\n");
}

TEST_CASE("an availability that the broker forgot is unknown again") {
    Ear ear{kPlain};
    CHECK(ear.accept({{"a/b/on", "offline"}}) == "! offline: a/b\n");
    CHECK(ear.accept({{"a/b/on", ""}}).empty());
    CHECK(ear.accept({{"a/b/on", "offline"}}) == "! offline: a/b\n");
}

TEST_CASE("every format's devices can be gone") {
    struct Gone {
        const char* format;
        const char* topic;
        const char* payload;
        const char* said;
    };
    const Gone rows[] = {
        {"zigbee2mqtt", "zigbee2mqtt/lamp/availability", R"({"state":"offline"})",
         "! offline: zigbee2mqtt/lamp\n"},
        {"zigbee2mqtt", "zigbee2mqtt/bridge/state", "offline", "! offline: zigbee2mqtt/bridge\n"},
        {"tasmota", "tele/plug/LWT", "Offline", "! offline: tele/plug\n"},
        {"esphome", "bedroom/status", "offline", "! offline: bedroom\n"},
        {"homie", "homie/therm/$state", "lost", "! lost: homie/therm\n"},
        {"homie", "homie/therm/$state", "alert", "! alert: homie/therm\n"},
        {"homie", "homie/therm/$state", "sleeping", ""},
    };
    for (const auto& row : rows) {
        CAPTURE(row.topic);
        Ear ear{fmt::format("format = \"{}\"\n", row.format)};
        CHECK(ear.accept({{row.topic, row.payload, true}}) == row.said);
    }
}

TEST_CASE("a unit that changes is converted, or refused: a series has one") {
    Ear ear{"format = \"homie\"\n"};
    ear.accept({{"homie/d/n/p/$datatype", "float", true}, {"homie/d/n/p/$unit", "V", true}});
    CHECK(ear.accept({{"homie/d/n/p", "1"}}) == "d_n_p 1 V\n");
    ear.accept({{"homie/d/n/p/$unit", "mV", true}});
    CHECK(ear.accept({{"homie/d/n/p", "1500"}}) == "d_n_p 1.5 V\n");
    ear.accept({{"homie/d/n/p/$unit", "A", true}});
    CHECK(ear.accept({{"homie/d/n/p", "1"}}) == "! d_n_p was in V and is in A now\n");
}

TEST_CASE("Shelly's true and false, and any pair of words, are availability") {
    Ear shelly{
        "format = \"plain\"\ntopics = [\"shellies/+/temperature\"]\nquantity = "
        "\"temperature:Cel\"\navailability = [\"shellies/+/online\"]\n"};
    CHECK(shelly.accept({{"shellies/x/online", "true", true},
                         {"shellies/x/temperature", "41.5"},
                         {"shellies/x/online", "false"}}) ==
          "x_temperature 41.5 Cel\n! offline: shellies/x\n");
    Ear named{std::string{kPlain} +
              "payload_available = \"here\"\npayload_not_available = \"away\"\n"};
    CHECK(named.accept({{"a/b/on", "here"}}).empty());
    CHECK(named.accept({{"a/b/on", "Away"}}) == "! offline: a/b\n");
}

TEST_CASE(
    "a failed value costs its own series a reading, and a broken message those of its topic") {
    Ear ear{"format = \"zigbee2mqtt\"\n"};
    ear.accept({{"zigbee2mqtt/a", R"({"temperature":1,"humidity":2})"},
                {"zigbee2mqtt/b", R"({"temperature":1})"}});
    const auto cost = [&](const char* topic, const char* payload) {
        ear.accept({{topic, payload}});
        REQUIRE(ear.failures().size() == 1);
        const auto& failure = ear.failures().front();
        return fmt::format("{} {} [{}]", failure.readings, failure.cause,
                           fmt::join(failure.quantities, " "));
    };
    CHECK(cost("zigbee2mqtt/a", R"({"humidity":nan})") == "1 not a number [1]");
    CHECK(cost("zigbee2mqtt/a", R"({"humidity":21,5})") == "1 not JSON [1 0]");
    CHECK(cost("zigbee2mqtt/b", R"([])") == "1 no JSON object [2]");
    CHECK(cost("zigbee2mqtt/never", "?") == "0 not JSON []");
    CHECK(cost("zigbee2mqtt/a/availability", "offline") == "0 offline []");
}

TEST_CASE("more quantities than allowed are refused and reported, and the others go on") {
    Ear ear{std::string{kPlain} + "quantities_max = 2\n"};
    CHECK(ear.accept({{"a/b/t", "1"}, {"a/c/t", "2"}, {"a/d/t", "3"}, {"a/b/t", "4"}}) ==
          "b_t 1 Cel\nc_t 2 Cel\nb_t 4 Cel\n! more than 2 quantities: d_t\n");
    CHECK(ear.quantities().size() == 2);
}

TEST_CASE("a payload that is too long is not even parsed") {
    Ear ear{"format = \"zigbee2mqtt\"\n"};
    CHECK(ear.accept({{"zigbee2mqtt/x", std::string(16 * 1024 + 1, ' ')}}) ==
          "! 16385 bytes, 16384 are allowed: zigbee2mqtt/x\n");
}

TEST_CASE("foreign text in a reason is printable and short") {
    Ear ear{kPlain};
    const auto said = ear.accept({{"a/" + std::string(300, '\x07') + "/t", "\xff\xfe\n"}});
    CHECK(said.size() < 400);
    for (const char c : said) CHECK((c == '\n' || (c >= ' ' && c <= '~')));
}

TEST_CASE("memory of devices, properties and retained values is bounded") {
    Ear plain{std::string{kPlain} + "retained = \"take\"\nquantities_max = 1\n"};
    Ear homie{"format = \"homie\"\n"};
    std::string last_device;
    std::string last_property;
    for (int i = 0; i < 1100; ++i) {
        last_device = plain.accept({{fmt::format("a/{}/on", i), "online"}});
        last_property = homie.accept({{fmt::format("homie/d/n/{}/$datatype", i), "float", true}});
        plain.accept({{fmt::format("a/{}/t", i), "1"}});
    }
    CHECK(last_device == "! more than 512 devices: a/1099\n");
    CHECK(last_property == "! too many properties: homie/d/n/1099\n");
    CHECK(plain.accept({{"a/1099/t", "5", true}}).empty());
    CHECK(plain.accept({{"a/0/t", "5", true}}) == "0_t 5 Cel\n");
}
