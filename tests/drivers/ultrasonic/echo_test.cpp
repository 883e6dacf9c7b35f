#include "drivers/ultrasonic/echo.hpp"

#include <doctest/doctest.h>

#include "drivers/gpio/fake_line.hpp"
#include "drivers/ultrasonic/schedule.hpp"
#include "drivers/ultrasonic/ultrasonic.hpp"
#include "support/eventually.hpp"
#include "support/manual_clock.hpp"

using drivers::Attempt;
using drivers::gpio::Edge;
using drivers::ultrasonic::Echo;
using Pings = std::vector<Attempt<Echo>>;

namespace {

Attempt<Echo> refused(std::string reason) {
    return drivers::Refusal{.reason = std::move(reason)};
}

std::string outcome(const Attempt<Echo>& echo) {
    if (!echo) return echo.refusal().reason;
    return echo.value().distance_m ? "in range" : "out of range";
}

}  // namespace

TEST_CASE("sound is as fast as the tables say") {
    CHECK(drivers::ultrasonic::speed_of_sound(0) == doctest::Approx(331.3).epsilon(0.0001));
    CHECK(drivers::ultrasonic::speed_of_sound(20) == doctest::Approx(343.2).epsilon(0.0002));
    CHECK(drivers::ultrasonic::speed_of_sound(-20) == doctest::Approx(318.9).epsilon(0.0005));
    CHECK(drivers::ultrasonic::speed_of_sound(40) == doctest::Approx(354.7).epsilon(0.0005));
}

TEST_CASE("an echo's edges become a distance, a state or a reason") {
    struct Row {
        const char* name;
        std::vector<Edge> edges;
        const char* said;
    };
    const Row rows[] = {
        {"nothing", {}, "no echo"},
        {"a rise alone", {{0, true}}, "stuck echo"},
        {"a fall alone", {{0, false}}, "merged edges"},
        {"a fall first", {{0, false}, {5'000'000, true}}, "merged edges"},
        {"two rises", {{0, true}, {5'000'000, true}}, "merged edges"},
        {"three edges", {{0, true}, {5'000'000, false}, {6'000'000, true}}, "merged edges"},
        {"nearer than 2 cm", {{0, true}, {115'000, false}}, "too close"},
        {"2 cm", {{0, true}, {117'000, false}}, "in range"},
        {"just within 4 m", {{0, true}, {23'300'000, false}}, "in range"},
        {"just beyond 4 m", {{0, true}, {23'320'000, false}}, "out of range"},
        {"the module's time-out", {{0, true}, {38'000'000, false}}, "out of range"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        CHECK(outcome(drivers::ultrasonic::decode_echo(row.edges, 20, {})) == row.said);
    }
}

TEST_CASE("a distance follows the temperature") {
    const std::vector<Edge> edges{{1'000, true}, {5'828'000, false}};
    const auto warm = drivers::ultrasonic::decode_echo(edges, 20, {});
    const auto cold = drivers::ultrasonic::decode_echo(edges, 5, {});
    CHECK(*warm.value().distance_m == doctest::Approx(1.0).epsilon(0.0002));
    CHECK(*cold.value().distance_m == doctest::Approx(0.9741).epsilon(0.0005));
}

TEST_CASE("a time-out is out of range however far the limit is set") {
    const std::vector<Edge> edges{{0, true}, {36'000'000, false}};
    CHECK(outcome(drivers::ultrasonic::decode_echo(edges, 20, {.distance_max_m = 6})) ==
          "out of range");
}

TEST_CASE("a burst is the median of what is in range, without outliers") {
    const Pings stray{Echo{1.00}, Echo{1.01}, Echo{3.5}, Echo{1.02}, Echo{1.01}};
    CHECK(*drivers::ultrasonic::combine_echoes(stray).value().distance_m == doctest::Approx(1.01));
    // Four are left after the stray one: the median of an even number is between two.
    const Pings even{Echo{1.00}, Echo{1.00}, Echo{3.5}, Echo{1.01}, Echo{1.01}};
    CHECK(*drivers::ultrasonic::combine_echoes(even).value().distance_m == doctest::Approx(1.005));
    const Pings one{Echo{0.5}};
    CHECK(*drivers::ultrasonic::combine_echoes(one).value().distance_m == 0.5);
}

TEST_CASE("a burst with too few good pings gives its most frequent refusal") {
    const auto none = refused("no echo");
    const auto close = refused("too close");
    const auto far = Attempt<Echo>(Echo{});
    const auto near = Attempt<Echo>(Echo{1.0});
    struct Row {
        const char* name;
        Pings pings;
        const char* said;
    };
    const Row rows[] = {
        {"three of five", {near, none, near, none, near}, "in range"},
        {"two of five", {near, none, near, none, close}, "no echo"},
        {"mostly far", {far, far, near, far, near}, "out of range"},
        {"neither", {far, far, near, near, close}, "too close"},
        {"four that differ", {far, far, near, near}, "too few echoes"},
        {"no ping at all", {}, "too few echoes"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        CHECK(outcome(drivers::ultrasonic::combine_echoes(row.pings)) == row.said);
    }
}

TEST_CASE("two pings are 60 ms apart") {
    using drivers::ultrasonic::PingSchedule;
    using std::chrono::milliseconds;
    const base::Instant last{milliseconds{1000}};
    const auto left = [&](int ms) {
        return PingSchedule::pause_left(last, base::Instant{milliseconds{ms}}).count();
    };
    CHECK(PingSchedule::pause_left(std::nullopt, last).count() == 0);
    CHECK(left(1000) == 60);
    CHECK(left(1059) == 1);
    CHECK(left(1060) == 0);
    CHECK(left(5000) == 0);
}

namespace {

/// Answers each trigger with an echo of that width, and records when.
struct FakeSonar {
    std::unique_ptr<pulse::FakeLine> trigger = std::make_unique<pulse::FakeLine>();
    std::unique_ptr<pulse::FakeLine> echo = std::make_unique<pulse::FakeLine>();

    FakeSonar(std::int64_t width_ns, std::vector<base::Instant>& pings, std::mutex& mutex,
              const base::Clock& clock) {
        echo->high = false;
        trigger->on_set = [&mutex, &pings, &clock, width_ns, line = echo.get()](bool high) {
            if (high) return;
            line->script = {drivers::gpio::Edges{{{0, true}, {width_ns, false}}, 0, 0}, {}};
            const std::lock_guard lock(mutex);
            pings.push_back(clock.instant());
        };
    }

    std::unique_ptr<drivers::ultrasonic::Sonar> sonar() {
        return std::make_unique<drivers::ultrasonic::Sonar>(std::move(trigger), std::move(echo),
                                                            drivers::ultrasonic::EchoLimits{});
    }
};

}  // namespace

TEST_CASE("two sensors never ping within 60 ms of each other, and neither starves") {
    const base::SystemClock clock;
    drivers::ultrasonic::PingSchedule schedule;
    std::mutex mutex;
    std::vector<base::Instant> pings;
    FakeSonar near(5'828'000, pings, mutex, clock);
    FakeSonar far(11'656'000, pings, mutex, clock);
    drivers::ultrasonic::Options options;
    options.pings = 3;
    drivers::ultrasonic::Driver first(options, near.sonar(), clock, schedule, {});
    drivers::ultrasonic::Driver second(options, far.sonar(), clock, schedule, {});
    first.trigger(clock.instant());
    second.trigger(clock.instant());
    first.trigger(clock.instant());  // One too many.
    drivers::Harvest from_first;
    drivers::Harvest from_second;
    std::size_t busy = 0;
    REQUIRE(support::eventually([&] {
        if (from_first.measurements.empty()) {
            from_first = first.collect(clock.instant(), 10);
            busy += from_first.failures.size();
        }
        if (from_second.measurements.empty()) from_second = second.collect(clock.instant(), 10);
        return !from_first.measurements.empty() && !from_second.measurements.empty();
    }));
    CHECK(busy == 1);
    CHECK(from_first.measurements[0].value == doctest::Approx(1.0).epsilon(0.001));
    CHECK(from_second.measurements[0].value == doctest::Approx(2.0).epsilon(0.001));
    const std::lock_guard lock(mutex);
    REQUIRE(pings.size() == 6);
    for (std::size_t i = 1; i < pings.size(); ++i) {
        CHECK(pings[i] - pings[i - 1] >= std::chrono::milliseconds{59});
    }
}

TEST_CASE("one sensor is read at its physical limit, 16 times a second, and no more often") {
    const base::SystemClock clock;
    drivers::ultrasonic::PingSchedule schedule;
    std::mutex mutex;
    std::vector<base::Instant> pings;
    FakeSonar fake(5'828'000, pings, mutex, clock);
    drivers::ultrasonic::Options options;
    options.pings = 1;
    drivers::ultrasonic::Driver driver(options, fake.sonar(), clock, schedule, {});
    std::size_t distances = 0;
    REQUIRE(support::eventually([&] {
        driver.trigger(clock.instant());  // As often as it likes.
        const auto harvest = driver.collect(clock.instant(), 10);
        for (const auto& one : harvest.measurements) distances += one.quantity == 0 ? 1 : 0;
        return distances >= 17;
    }));
    const std::lock_guard lock(mutex);
    const auto took = pings[16] - pings[0];
    MESSAGE("16 pings in " << took.count() << " ms");
    CHECK(took >= std::chrono::milliseconds{16 * 59});
}

TEST_CASE("a failed reading has the edges of the last ping that failed like it") {
    const base::SystemClock clock;
    drivers::ultrasonic::PingSchedule schedule;
    std::mutex mutex;
    std::vector<base::Instant> pings;
    FakeSonar fake(100'000, pings, mutex, clock);  // Too close.
    drivers::ultrasonic::Options options;
    options.pings = 3;
    drivers::ultrasonic::Driver driver(options, fake.sonar(), clock, schedule, {});
    driver.trigger(clock.instant());
    drivers::Harvest harvest;
    REQUIRE(support::eventually([&] {
        harvest = driver.collect(clock.instant(), 10);
        return !harvest.failures.empty();
    }));
    CHECK(harvest.failures[0].reason == "too close");
    CHECK(harvest.failures[0].sign == drivers::Sign::too_close);
    CHECK(harvest.failures[0].edges_us == std::vector<double>{0, 100});
}

TEST_CASE("the air's temperature comes from another series when there is one") {
    const support::ManualClock clock;
    drivers::ultrasonic::PingSchedule schedule;
    std::mutex mutex;
    std::vector<base::Instant> pings;
    FakeSonar fake(5'828'000, pings, mutex, clock);
    drivers::ultrasonic::Options options;
    options.pings = 1;
    options.temperature_series = "climate.temperature";
    drivers::ultrasonic::Driver driver(
        options, fake.sonar(), clock, schedule,
        [](const std::string& series) -> std::optional<double> {
            return series == "climate.temperature" ? std::optional<double>{5} : std::nullopt;
        });
    driver.trigger(clock.instant());
    drivers::Harvest harvest;
    REQUIRE(support::eventually([&] {
        harvest = driver.collect(clock.instant(), 10);
        return !harvest.measurements.empty();
    }));
    REQUIRE(harvest.measurements.size() == 2);
    CHECK(harvest.measurements[0].value == doctest::Approx(0.9741).epsilon(0.0005));
    CHECK(harvest.measurements[1].value == 1);
}

TEST_CASE("a temperature that no air has is not used") {
    const support::ManualClock clock;
    drivers::ultrasonic::PingSchedule schedule;
    std::mutex mutex;
    std::vector<base::Instant> pings;
    FakeSonar fake(5'828'000, pings, mutex, clock);
    drivers::ultrasonic::Options options;
    options.pings = 1;
    options.temperature_series = "boiler.temperature";
    drivers::ultrasonic::Driver driver(
        options, fake.sonar(), clock, schedule,
        [](const std::string&) { return std::optional<double>{300}; });
    driver.trigger(clock.instant());
    drivers::Harvest harvest;
    REQUIRE(support::eventually([&] {
        harvest = driver.collect(clock.instant(), 10);
        return !harvest.measurements.empty();
    }));
    CHECK(harvest.measurements[0].value == doctest::Approx(1.0).epsilon(0.001));  // At 20 °C.
}

namespace {

/// A sonar whose lines a test plays.
struct Wires {
    std::unique_ptr<pulse::FakeLine> owned_trigger = std::make_unique<pulse::FakeLine>();
    std::unique_ptr<pulse::FakeLine> owned_echo = std::make_unique<pulse::FakeLine>();
    pulse::FakeLine& trigger = *owned_trigger;
    pulse::FakeLine& echo = *owned_echo;
    drivers::ultrasonic::Sonar sonar{std::move(owned_trigger), std::move(owned_echo), {}};
};

}  // namespace

TEST_CASE("a ping is a pulse of 20 us, and has its time to rise and to fall") {
    using std::chrono::microseconds;
    using std::chrono::milliseconds;
    Wires wires;
    wires.echo.high = false;
    wires.echo.script = {drivers::gpio::Edges{{{0, true}, {1, false}}, 0, 0},  // Of a ping before.
                         drivers::gpio::Edges{{{1'000, true}}, 0, 0},
                         drivers::gpio::Edges{{{5'829'000, false}}, 0, 0}};
    CHECK(outcome(wires.sonar.ping(20)) == "in range");
    CHECK(wires.trigger.sets == std::vector<bool>{true, false});
    CHECK(wires.trigger.waits == std::vector<microseconds>{microseconds{20}});
    CHECK(wires.echo.waits ==
          std::vector<microseconds>{microseconds{0}, milliseconds{50}, milliseconds{60}});
    CHECK(drivers::ultrasonic::Sonar::echo_mode().bias == drivers::gpio::LineMode::Bias::pull_down);
}

TEST_CASE("edges that were lost spoil a ping, and a clone that lets go late is waited for") {
    Wires wires;
    wires.echo.high = false;
    wires.echo.script = {{}, drivers::gpio::Edges{{{0, true}, {5'828'000, false}}, 3, 0}};
    CHECK(outcome(wires.sonar.ping(20)) == "events lost");

    wires.echo.high = true;
    wires.echo.waits.clear();
    wires.trigger.on_set = [&](bool) { FAIL("sent"); };
    CHECK(outcome(wires.sonar.ping(20)) == "stuck high");
    CHECK(wires.echo.waits.back() == std::chrono::milliseconds{200});
}

TEST_CASE("an echo line that is high before the pulse is a failure, and nothing is sent") {
    auto trigger = std::make_unique<pulse::FakeLine>();
    auto echo = std::make_unique<pulse::FakeLine>();
    auto& sent = trigger->sets;
    echo->high = true;
    drivers::ultrasonic::Sonar sonar(std::move(trigger), std::move(echo), {});
    CHECK(outcome(sonar.ping(20)) == "stuck high");
    CHECK(sent.empty());
}
