#include "central/alerts/outputs/courier/courier.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "central/alerts/outputs/some_alert.hpp"

using alerts::Attempt;
using alerts::Courier;
using alerts::Delivered;
using alerts_test::closed;
using alerts_test::some_alert;
using namespace std::chrono_literals;

namespace {

constexpr auto kFailed = Attempt::Outcome::failed;
constexpr auto kRefused = Attempt::Outcome::refused;

struct World {
    explicit World(const alerts::CourierOptions& options = {})
        : courier("test", options, counters, 7) {}

    double count(const std::string& name) const {
        return counters.sum("leat_central_alerts_" + name + "_total");
    }
    /// Tries what is due, with that outcome; the alert that was tried.
    std::string attempt(const Attempt& attempt) {
        const auto* alert = courier.begin(now);
        if (alert == nullptr) return "none";
        auto tried = fmt::format("{}-{}", alert->id, alert->revision);
        courier.finish(attempt, now);
        return tried;
    }

    base::Counters counters;
    base::Instant now{1h};
    Courier courier;
};

}  // namespace

TEST_CASE("an alert goes out once, and each newer form of it once") {
    World world;
    world.courier.offer(some_alert("a", 1));
    world.courier.offer(some_alert("a", 1));
    CHECK(world.attempt({}) == "a-1");
    CHECK(world.attempt({}) == "none");
    world.courier.offer(closed(some_alert("a", 1)));
    CHECK(world.attempt({}) == "a-2");
    CHECK(world.courier.take_delivered() ==
          std::vector<Delivered>{{.id = "a", .revision = 1}, {.id = "a", .revision = 2}});
    CHECK(world.courier.take_delivered().empty());
    CHECK(world.count("sent") == 2);
}

TEST_CASE("while the receiver is away only the newest form of each alert is kept") {
    World world;
    world.courier.offer(some_alert("a", 1));
    world.courier.offer(some_alert("b", 1));
    CHECK(world.attempt({.outcome = kFailed, .reason = "away"}) == "a-1");
    CHECK(world.courier.trouble() == "away");
    world.courier.offer(some_alert("a", 2));
    world.courier.offer(some_alert("a", 3));
    world.courier.offer(some_alert("a", 2));
    CHECK(world.courier.waiting() == 2);
    world.now += 1h;
    // What failed stands behind what did not.
    CHECK(world.attempt({}) == "b-1");
    CHECK(world.attempt({}) == "a-3");
    CHECK(world.attempt({}) == "none");
    CHECK(world.courier.trouble().empty());
    CHECK(world.count("superseded") == 2);
    CHECK(world.count("retried") == 1);
}

TEST_CASE("a newer form that came during a try goes in its place when the try fails") {
    World world;
    world.courier.offer(some_alert("a", 1));
    REQUIRE(world.courier.begin(world.now) != nullptr);
    world.courier.offer(some_alert("a", 1));
    world.courier.offer(some_alert("a", 2));
    CHECK(world.courier.begin(world.now) == nullptr);
    world.courier.finish({.outcome = kFailed, .reason = "away"}, world.now);
    world.now += 1h;
    CHECK(world.attempt({}) == "a-2");
    CHECK(world.attempt({}) == "none");
}

TEST_CASE("the waits grow from failure to failure up to a limit, and begin anew after a success") {
    World world({.backoff = {.first = 1s, .longest = 8s}});
    world.courier.offer(some_alert());
    const auto wait = [&] {
        REQUIRE(world.attempt({.outcome = kFailed, .reason = "away"}) != "none");
        const auto from = world.now;
        while (world.courier.begin(world.now) == nullptr) world.now += 10ms;
        world.courier.finish({.outcome = kFailed, .reason = "away"}, world.now);
        const auto waited = world.now - from;
        world.now += 1h;
        return waited;
    };
    base::Duration longest{0};
    for (int i = 0; i < 40; ++i) longest = std::max(longest, wait());
    CHECK(longest > 4s);
    CHECK(longest <= 8s + 10ms);
    CHECK(world.attempt({}) != "none");
    world.courier.offer(closed(some_alert()));
    CHECK(wait() <= 2s);
}

TEST_CASE("a receiver that wants to be left alone is, for an hour at most") {
    World world;
    world.courier.offer(some_alert());
    world.attempt({.outcome = kFailed, .reason = "busy", .wait = 90s});
    world.now += 89s;
    CHECK(world.attempt({}) == "none");
    world.now += 2s;
    CHECK(world.attempt({.outcome = kFailed, .reason = "busy", .wait = 720h}) != "none");
    world.now += 59min;
    CHECK(world.attempt({}) == "none");
    world.now += 2min;
    CHECK(world.attempt({}) != "none");
}

TEST_CASE("what is refused is given up with its reason, and keeps no other back") {
    World world;
    world.courier.offer(some_alert("a"));
    world.courier.offer(some_alert("b"));
    CHECK(world.attempt({.outcome = kRefused, .reason = "it answers 404"}) == "a-1");
    CHECK(world.courier.trouble() == "it answers 404");
    // What holds is not delivered, so that it is offered again after a restart.
    CHECK(world.courier.take_delivered().empty());
    CHECK(world.counters.value("leat_central_alerts_given_up_total",
                               {{"output", "test"}, {"reason", "refused"}}) == 1);
    CHECK(world.attempt({}) == "b-1");
    CHECK(world.courier.trouble().empty());
    // What is over is done with.
    world.courier.take_delivered();
    world.courier.offer(closed(some_alert("b")));
    world.attempt({.outcome = kRefused, .reason = "it answers 404"});
    CHECK(world.courier.take_delivered() == std::vector<Delivered>{{.id = "b", .revision = 2}});
}

TEST_CASE("with a limit of tries an alert is given up, and a newer form of it tried anew") {
    World world({.attempts_max = 3});
    world.courier.offer(some_alert("a", 1));
    for (int i = 0; i < 3; ++i) {
        CHECK(world.attempt({.outcome = kFailed, .reason = "ended with 1"}) == "a-1");
        world.now += 1h;
    }
    CHECK(world.attempt({}) == "none");
    CHECK(world.counters.value("leat_central_alerts_given_up_total",
                               {{"output", "test"}, {"reason", "attempts"}}) == 1);
    world.courier.offer(some_alert("a", 2));
    CHECK(world.attempt({}) == "a-2");
}

TEST_CASE("beyond the limit the oldest waiting alert is dropped and counted") {
    World world({.waiting_max = 3});
    for (const auto* id : {"a", "b", "c", "d", "e"}) world.courier.offer(some_alert(id));
    CHECK(world.courier.waiting() == 3);
    CHECK(world.count("unsent") == 2);
    CHECK(world.attempt({}) == "c-1");
}

TEST_CASE("what is silenced goes nowhere and counts as delivered; its end is told") {
    World world;
    world.courier.offer(some_alert("a", 1));
    auto silenced = some_alert("a", 2);
    silenced.is_silenced = true;
    world.courier.offer(silenced);
    CHECK(world.attempt({}) == "none");
    CHECK(world.courier.take_delivered() == std::vector<Delivered>{{.id = "a", .revision = 2}});
    CHECK(world.count("withheld") == 1);
    world.courier.offer(closed(silenced));
    CHECK(world.attempt({}) == "a-3");
}

TEST_CASE("news of what was told wait, what opens or closes does not") {
    World world({.update_every = 10min});
    world.courier.offer(some_alert("a", 1));
    CHECK(world.attempt({}) == "a-1");
    world.courier.offer(some_alert("a", 2));
    world.courier.offer(some_alert("b", 1));
    CHECK(world.attempt({}) == "b-1");
    CHECK(world.attempt({}) == "none");
    world.now += 9min;
    world.courier.offer(some_alert("a", 3));
    CHECK(world.attempt({}) == "none");
    world.now += 1min;
    CHECK(world.attempt({}) == "a-3");
    world.courier.offer(some_alert("a", 4));
    world.courier.offer(closed(some_alert("a", 4)));
    CHECK(world.attempt({}) == "a-5");
    // It comes back: that is told at once.
    world.courier.offer(some_alert("a", 6));
    CHECK(world.attempt({}) == "a-6");
}

TEST_CASE("what waits for its receiver is not tried in quiet hours, but what is critical is") {
    World world;
    auto critical = some_alert("fire", 1);
    critical.severity = detect::Severity::critical;
    world.courier.offer(some_alert("a", 1));
    CHECK(world.attempt({.outcome = kFailed, .reason = "away"}) == "a-1");
    world.courier.keep_quiet(true);
    world.courier.offer(critical);
    world.now += 8h;
    CHECK(world.attempt({}) == "fire-1");
    CHECK(world.attempt({}) == "none");
    world.courier.keep_quiet(false);
    CHECK(world.attempt({}) == "a-1");
}
