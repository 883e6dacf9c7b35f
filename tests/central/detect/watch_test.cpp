#include "central/detect/watch/watch.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <functional>

#include "base/random.hpp"
#include "central/detect/minutes.hpp"

using namespace detect_test;

namespace {

using base::EventTime;
using detect::Code;

detect::Subject temperature() {
    return {.name = "attic/climate.temperature",
            .quantity = "temperature",
            .unit = "Cel",
            .period = 1min,
            .is_state = false};
}

detect::Subject door() {
    return {.name = "attic/door.contact",
            .quantity = "contact",
            .unit = "/",
            .period = std::nullopt,
            .is_state = true};
}

/// A day with a rhythm and noise: 20 °C at its mean.
double weather(EventTime at, base::Random& random) {
    const double day = static_cast<double>((at.time_since_epoch() % 24h).count()) / 86'400'000.0;
    return std::round((20 + 4 * std::sin(6.283 * day) + 0.3 * random.unit()) * 10) / 10;
}

void live(Minutes& minutes, base::Random& random, base::Duration length) {
    const auto end = minutes.now() + length;
    while (minutes.now() < end) minutes.read(weather(minutes.now(), random));
}

void visit(Minutes& minutes, int open, int shut) {
    for (int i = 0; i < open; ++i) minutes.read(1);
    for (int i = 0; i < shut; ++i) minutes.read(0);
}

}  // namespace

TEST_CASE("a reading outside its limit is one event until readings are back inside") {
    Minutes minutes{temperature(), {.low = {}, .high = 30, .step = {}, .margin = 1}};
    minutes.read(29);
    CHECK(minutes.events.empty());
    minutes.read(31);
    minutes.read(41);
    minutes.read(29.5);
    REQUIRE(minutes.find(Code::limit) != nullptr);
    CHECK_FALSE(minutes.find(Code::limit)->ended);  // Within the margin.
    minutes.read(28);
    const auto& finding = *minutes.find(Code::limit);
    CHECK(minutes.events.size() == 1);
    CHECK(finding.from == kStart + 1min + 5s);
    CHECK(finding.ended == kStart + 4min + 5s);
    CHECK(finding.value == 41);
    CHECK(finding.sentence ==
          "attic/climate.temperature: 41.0 °C at 00:02 UTC; above the limit of 30.0 °C since "
          "2 Nov 00:01 UTC, back inside after 3 min");
}

TEST_CASE("silence never ends what is outside its limit") {
    Minutes minutes{temperature(), {.low = 5, .high = {}, .step = {}}};
    minutes.read(4);
    for (int i = 0; i < 60; ++i) minutes.skip();
    REQUIRE(minutes.find(Code::limit) != nullptr);
    CHECK_FALSE(minutes.find(Code::limit)->ended);
    CHECK(minutes.find(Code::limit)->sentence.find("below the limit of 5.00 °C") !=
          std::string::npos);
}

TEST_CASE("a series that flaps around its limit is one event") {
    Minutes minutes{temperature(), {.low = {}, .high = 30, .step = {}}};
    for (int i = 0; i < 20; ++i) minutes.read(i % 2 == 0 ? 31 : 29);
    CHECK(minutes.events.size() == 1);
    CHECK(minutes.find(Code::limit)->times == 10);
}

TEST_CASE("a step larger than allowed is found, and a change over hours is none") {
    Minutes minutes{temperature(), {.low = {}, .high = {}, .step = 5}};
    for (int i = 0; i < 20; ++i) minutes.read(20 + i);
    CHECK(minutes.events.empty());
    minutes.sleep(5h);
    minutes.read(50);
    CHECK(minutes.events.empty());
    minutes.read(58);
    REQUIRE(minutes.find(Code::step) != nullptr);
    CHECK(minutes.find(Code::step)->parameters.front().second == 8);
}

TEST_CASE("a measure that hangs is flat once that is far longer than ever before") {
    base::Random random{1};
    Minutes minutes{temperature()};
    live(minutes, random, 48h);
    CHECK(minutes.find(Code::flat) == nullptr);
    const auto hung = minutes.now();
    for (int i = 0; i < 300; ++i) minutes.read(21.3);
    REQUIRE(minutes.find(Code::flat) != nullptr);
    CHECK(minutes.find(Code::flat)->from == hung + 5s);
    CHECK_FALSE(minutes.find(Code::flat)->ended);
    live(minutes, random, 10min);
    CHECK(minutes.find(Code::flat)->ended);
}

TEST_CASE("a rest at nothing is not flat") {
    base::Random random{1};
    Minutes minutes{temperature()};
    live(minutes, random, 48h);
    for (int i = 0; i < 3000; ++i) minutes.read(0);
    CHECK(minutes.find(Code::flat) == nullptr);
}

TEST_CASE("a series is silent when its node goes on without it, not when its node is off") {
    Minutes minutes{temperature()};
    minutes.read(20);
    minutes.sleep(24h);
    minutes.read(20);
    CHECK(minutes.find(Code::silent) == nullptr);
    const auto last = minutes.now() - 1min + 5s;
    for (int i = 0; i < 10; ++i) minutes.skip();
    REQUIRE(minutes.find(Code::silent) != nullptr);
    CHECK(minutes.find(Code::silent)->from == last);
    CHECK_FALSE(minutes.find(Code::silent)->ended);
    minutes.read(20);
    CHECK(minutes.find(Code::silent)->ended);
    CHECK(minutes.find(Code::silent)->sentence.find("no reading for 11 min") != std::string::npos);
}

TEST_CASE("a door that stands open far longer than ever is stuck, although nothing is reported") {
    Minutes minutes{door()};
    for (int i = 0; i < 60; ++i) visit(minutes, 3, 40);
    CHECK(minutes.find(Code::stuck) == nullptr);
    minutes.read(1);
    for (int i = 0; i < 29; ++i) minutes.skip();
    CHECK(minutes.find(Code::stuck) == nullptr);
    for (int i = 0; i < 5; ++i) minutes.skip();
    REQUIRE(minutes.find(Code::stuck) != nullptr);
    CHECK_FALSE(minutes.find(Code::stuck)->ended);
    minutes.read(0);
    CHECK(minutes.find(Code::stuck)->ended);
}

TEST_CASE(
    "what lasts for days is told at ever longer intervals, and ends at its time all the same") {
    Minutes minutes{temperature()};
    for (int i = 0; i < 10; ++i) minutes.read(20);
    CHECK(minutes.changes == 0);
    for (int i = 0; i < 3 * 1440; ++i) minutes.skip();
    CHECK(minutes.changes > 60);
    CHECK(minutes.changes < 250);
    const auto* silent = minutes.find(Code::silent);
    REQUIRE(silent != nullptr);
    CHECK(minutes.now() - silent->to < 3h);
    minutes.read(20);
    CHECK(*minutes.find(Code::silent)->ended == minutes.now() - 1min + 5s);
}

TEST_CASE("a hole is no rest: nobody knows whether the value changed in it, or a door was shut") {
    base::Random random{1};
    Minutes minutes{temperature()};
    live(minutes, random, 48h);
    for (int i = 0; i < 30; ++i) minutes.read(21.5);
    minutes.sleep(14h);
    for (int i = 0; i < 30; ++i) minutes.read(21.5);
    CHECK(minutes.find(Code::flat) == nullptr);
    for (int i = 0; i < 600; ++i) minutes.read(21.5);
    CHECK(minutes.find(Code::flat) != nullptr);  // The hole did not teach it to be patient.

    auto subject = door();
    subject.period = 20s;
    Minutes watched{subject};
    for (int i = 0; i < 60; ++i) visit(watched, 3, 40);
    watched.read(1);
    watched.sleep(14h);
    watched.read(0);
    watched.read(1);
    for (int i = 0; i < 60; ++i) watched.read(1);
    CHECK(watched.find(Code::stuck) != nullptr);
}

TEST_CASE("a series with a period that says nothing any more is silent, and not stuck") {
    auto subject = door();
    subject.period = 20s;
    Minutes minutes{subject};
    for (int i = 0; i < 60; ++i) visit(minutes, 3, 40);
    minutes.read(1);
    for (int i = 0; i < 120; ++i) minutes.skip();
    CHECK(minutes.find(Code::stuck) == nullptr);
    CHECK(minutes.find(Code::silent) != nullptr);
}

TEST_CASE("what is declared as no state any more is not stuck with the next reading") {
    Minutes minutes{door()};
    for (int i = 0; i < 60; ++i) visit(minutes, 3, 40);
    minutes.read(1);
    for (int i = 0; i < 40; ++i) minutes.skip();
    REQUIRE(minutes.find(Code::stuck) != nullptr);
    minutes.declare(temperature());
    minutes.read(21);
    CHECK(minutes.find(Code::stuck)->ended);
}

TEST_CASE("a limit that is set no more ends its finding with the next reading") {
    Minutes minutes{temperature(), {.low = {}, .high = 30, .step = {}}};
    minutes.read(35);
    REQUIRE(minutes.find(Code::limit) != nullptr);
    CHECK_FALSE(minutes.find(Code::limit)->ended);
    minutes.set({});
    minutes.read(35);
    REQUIRE(minutes.find(Code::limit)->ended);
    CHECK(minutes.find(Code::limit)->sentence.find("set no more") != std::string::npos);
}

TEST_CASE("a sensor of which most reads fail is failing, with its reason, until it is well again") {
    Minutes minutes{temperature()};
    for (int i = 0; i < 30; ++i) minutes.read(20);
    for (int i = 0; i < 20; ++i) minutes.fail(1, "no response");
    REQUIRE(minutes.find(Code::failing) != nullptr);
    CHECK(minutes.find(Code::failing)->sentence.find("no response") != std::string::npos);
    CHECK_FALSE(minutes.find(Code::failing)->ended);
    for (int i = 0; i < 60; ++i) minutes.read(20);
    CHECK(minutes.find(Code::failing)->ended);
}

TEST_CASE("one read in ten that fails is no finding") {
    Minutes minutes{temperature()};
    for (int i = 0; i < 500; ++i) {
        if (i % 10 == 0) {
            minutes.fail(1, "checksum");
        } else {
            minutes.read(20 + i % 3);
        }
    }
    CHECK(minutes.find(Code::failing) == nullptr);
}

TEST_CASE("what is unlike the series is odd, and the sentence says what is usual at this hour") {
    base::Random random{7};
    Minutes minutes{temperature()};
    live(minutes, random, 14 * 24h);
    const auto before = minutes.events.size();
    for (int i = 0; i < 10; ++i) minutes.read(41);
    REQUIRE(minutes.find(Code::odd) != nullptr);
    const auto& finding = *minutes.find(Code::odd);
    CHECK(finding.value == 41);
    CHECK(finding.score >= 0.65);
    CAPTURE(finding.sentence);
    CHECK(finding.sentence.find("attic/climate.temperature: 41.0 °C at 00:0") == 0);
    CHECK(finding.sentence.find("between 20.0 and 21") != std::string::npos);
    CHECK(finding.sentence.find("at this hour on the last 14 days") != std::string::npos);
    live(minutes, random, 24h);
    CHECK(minutes.find(Code::odd)->ended);
    MESSAGE("quiet fortnight: ", before, " findings");
    CHECK(before <= 1);
}

TEST_CASE("an odd event tells the reading farthest from usual, and lasts until it is usual again") {
    base::Random random{3};
    Minutes minutes{temperature()};
    live(minutes, random, 16 * 24h);
    for (const double value : {26.0, 30.0, 41.0, 38.0}) minutes.read(value);
    for (int i = 0; i < 120; ++i) minutes.read(35);
    const auto* odd = minutes.find(Code::odd);
    REQUIRE(odd != nullptr);
    CHECK(odd->value == 41);
    CHECK_FALSE(odd->ended);
    live(minutes, random, 1h);
    CHECK(minutes.find(Code::odd)->ended);
}

TEST_CASE("a counter is not odd for being higher than ever") {
    Minutes minutes{temperature()};
    for (int i = 0; i < 10'000; ++i) minutes.read(i * 7 + i % 5);
    CHECK(minutes.find(Code::odd) == nullptr);
}

TEST_CASE("findings are the same however often the watch is saved and loaded in between") {
    const auto run = [](bool is_saved) {
        base::Random random{3};
        base::Random kills{4};
        Minutes minutes{temperature(), {.low = {}, .high = 24.1, .step = 3}};
        for (int day = 0; day < 6; ++day) {
            for (int i = 0; i < 1440; ++i) {
                if (day == 5 && i % 97 == 0) minutes.fail(2, "checksum");
                minutes.read(weather(minutes.now(), random) + (day == 4 && i > 900 ? 9 : 0));
                if (is_saved && kills.below(5) == 0) minutes.save_and_load();
            }
            for (int i = 0; i < 30; ++i) minutes.skip();
        }
        return minutes.events;
    };
    const auto events = run(false);
    CHECK(events.size() > 5);
    CHECK(events == run(true));
}

TEST_CASE("a detector whose state has another form begins anew, and only that") {
    constexpr std::size_t kParts = 7;
    for (std::size_t part = 0; part < kParts; ++part) {
        CAPTURE(part);
        Minutes minutes{temperature(), {.low = {}, .high = 30, .step = {}}};
        for (int i = 0; i < 10; ++i) minutes.read(20 + i);
        minutes.read(35);
        for (int i = 0; i < 10; ++i) minutes.fail(20, "checksum");
        CHECK_FALSE(minutes.find(Code::limit)->ended);
        CHECK_FALSE(minutes.find(Code::failing)->ended);
        minutes.save_and_load_without(part);
        for (int i = 0; i < 240; ++i) minutes.read(20 + i % 3);
        // What has forgotten its event cannot end it; limits are the first part, failing the fifth.
        CHECK(minutes.find(Code::limit)->ended.has_value() == (part != 0));
        CHECK(minutes.find(Code::failing)->ended.has_value() == (part != 4));
    }
}

TEST_CASE("a state that another leat saved makes its detectors begin anew, and nothing worse") {
    base::Random random{5};
    for (int i = 0; i < 2000; ++i) {
        std::string bytes(random.below(400), '\0');
        for (auto& byte : bytes) byte = static_cast<char>(random.below(256));
        detect::Watch watch{bytes, bytes};
        std::vector<detect::Finding> findings;
        watch.pass(temperature(), kStart, kStart + 1min, findings);
        CHECK(findings.empty());
    }
}
