#include "drivers/simulator/simulator.hpp"

#include <doctest/doctest.h>

#include <map>
#include <tuple>

#include "drivers/core/configured_driver.hpp"

using namespace std::chrono_literals;

namespace {

std::string configuration(const std::string& more = {}) {
    return "[[sensor]]\nname = \"room\"\ndriver = \"simulator\"\n" + more;
}

/// Everything that so many triggers gave, as text would have it: quantity and value, or the reason.
std::vector<std::pair<std::string, double>> run(drivers::Driver& driver,
                                                support::ManualClock& clock, int triggers) {
    std::vector<std::pair<std::string, double>> result;
    for (int i = 0; i < triggers; ++i) {
        driver.trigger(clock.instant());
        const auto harvest = driver.collect(clock.instant(), 100);
        for (const auto& one : harvest.measurements) {
            CHECK(one.taken == clock.instant());
            CHECK_FALSE(one.source_time);
            result.emplace_back(driver.quantities().at(one.quantity).name, one.value);
        }
        for (const auto& failure : harvest.failures) result.emplace_back(failure.reason, 0);
        clock.advance(2s);
    }
    return result;
}

std::vector<std::pair<std::string, double>> fresh_run(const std::string& more, std::uint64_t seed,
                                                      int triggers) {
    support::ManualClock clock;
    const auto driver = configured::must_make(configuration(more), clock, std::nullopt, seed);
    return run(*driver, clock, triggers);
}

}  // namespace

TEST_CASE("the same seed gives the same readings, another one gives others") {
    CHECK(fresh_run("seed = 7\n", 0, 500) == fresh_run("seed = 7\n", 99, 500));
    CHECK(fresh_run("seed = 7\n", 0, 500) != fresh_run("seed = 8\n", 0, 500));
    CHECK(fresh_run("", 7, 500) == fresh_run("seed = 7\n", 0, 500));
}

TEST_CASE("a restart does not change what is measured at a moment") {
    const auto text = configuration("seed = 7\nwarm_up = \"0s\"\n");
    support::ManualClock clock;
    const auto running = configured::must_make(text, clock);
    run(*running, clock, 1000);
    support::ManualClock same = clock;
    const auto restarted = configured::must_make(text, same);
    const auto expected = run(*running, clock, 200);
    CHECK(run(*restarted, same, 200) == expected);
}

TEST_CASE("only the parts that are configured are there, with their limits") {
    support::ManualClock clock;
    struct Case {
        std::string sensors;
        std::vector<std::string> names;
    };
    const Case cases[] = {
        {R"(["dht11"])", {"temperature", "humidity"}},
        {R"(["hcsr04"])", {"distance"}},
        {R"(["pir", "dht11"])", {"motion", "temperature", "humidity"}},
        {R"(["ds18b20", "reed"])", {"temperature", "open"}},
        {R"(["dht11", "hcsr04", "pir"])", {"temperature", "humidity", "distance", "motion"}},
    };
    for (const auto& one : cases) {
        const auto driver =
            configured::must_make(configuration("sensors = " + one.sensors + "\n"), clock);
        std::vector<std::string> names;
        for (const auto& quantity : driver->quantities()) {
            names.push_back(quantity.name);
            CHECK(quantity.least.has_value());
            CHECK(quantity.most.has_value());
            CHECK(quantity.resolution.has_value());
        }
        CHECK(names == one.names);
    }
}

TEST_CASE("until the sensor has warmed up no motion is measured, and every reading of it fails") {
    std::map<std::string, int> count;
    for (const auto& [name, value] : fresh_run("seed = 7\n", 0, 30)) ++count[name];
    CHECK(count["motion"] == 0);
    CHECK(count["pir: warming up"] == 30);
    count.clear();
    for (const auto& [name, value] : fresh_run("seed = 7\n", 0, 31)) ++count[name];
    CHECK(count["motion"] == 1);
    count.clear();
    for (const auto& [name, value] : fresh_run("warm_up = \"0s\"\n", 0, 30)) ++count[name];
    CHECK(count["motion"] == 30);
    CHECK(count["pir: warming up"] == 0);
}

TEST_CASE("every trigger gives each part's reading or its failure") {
    std::map<std::string, int> count;
    for (const auto& [name, value] : fresh_run("warm_up = \"0s\"\n", 3, 10'000)) ++count[name];
    CHECK(count["temperature"] == count["humidity"]);
    CHECK(count["temperature"] + count["dht11: checksum"] + count["dht11: no answer"] == 10'000);
    CHECK(count["distance"] + count["hcsr04: out of range"] + count["hcsr04: no echo"] == 10'000);
    CHECK(count["motion"] == 10'000);
    CHECK(count["dht11: checksum"] + count["dht11: no answer"] > 100);
    CHECK(count["dht11: checksum"] + count["dht11: no answer"] < 200);
}

TEST_CASE("with a fault every read of every part fails with that reason") {
    std::map<std::string, int> count;
    const auto more = "sensors = [\"dht11\", \"reed\"]\nfault = \"cut wire\"\n";
    for (const auto& [name, value] : fresh_run(more, 3, 100)) ++count[name];
    CHECK(count == std::map<std::string, int>{{"cut wire", 100}});
}

TEST_CASE("a door that stands open is open, one that moves is open now and then") {
    std::map<double, int> moves;
    std::map<double, int> stands;
    const std::string reed = "sensors = [\"reed\"]\n";
    for (const auto& [name, value] : fresh_run(reed, 3, 43'200)) ++moves[value];
    for (const auto& [name, value] : fresh_run(reed + "door = \"open\"\n", 3, 100)) ++stands[value];
    CHECK(moves[1] > 100);
    CHECK(moves[1] < 4000);
    CHECK(moves[0] + moves[1] == 43'200);
    CHECK(stands == std::map<double, int>{{1, 100}});
}

TEST_CASE("parts that are not there and rooms that cannot be are refused") {
    const auto misspelt = configured::validate(configuration("sensors = [\"dht1\"]\n"));
    REQUIRE_FALSE(misspelt);
    CHECK(misspelt.error().detail.find("did you mean \"dht11\"?") != std::string::npos);
    for (const char* more :
         {"sensors = []\n", "sensors = [\"dht11\", \"ds18b20\"]\n", "door = \"shut\"\n",
          "sensors = [\"pir\", \"pir\"]\n", "mean_temperature = 1000\n", "amplitude = -1\n",
          "mean_humidity = 0\n", "hold = \"1h\"\n", "seed = -1\n"}) {
        CAPTURE(more);
        CHECK_FALSE(configured::validate(configuration(more)));
    }
}
