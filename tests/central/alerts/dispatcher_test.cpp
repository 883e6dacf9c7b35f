// Goal: every output hears of what it should, once, and a restart neither repeats nor forgets.
#include "central/alerts/dispatch/dispatcher.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "central/alerts/moments.hpp"

using namespace alerts_test;
using alerts::Alert;
using alerts::Delivery;
using alerts::State;

namespace {

/// An output that delivers when the test says so.
class Drawer final : public alerts::Output {
  public:
    explicit Drawer(std::string name) : name_(std::move(name)) {}
    std::string_view name() const override { return name_; }
    bool is_display() const override { return shows_all; }
    void keep_quiet(bool is_quiet) override { is_kept_quiet = is_quiet; }
    void offer(const Alert& alert) override {
        offered.push_back(alert);
        waiting.insert_or_assign(alert.id, alert);
    }
    void tick(base::Instant /*now*/) override { ++ticks; }
    std::vector<alerts::Delivered> take_delivered() override {
        std::vector<alerts::Delivered> all;
        if (!is_away) {
            for (const auto& [id, alert] : std::exchange(waiting, {})) {
                if (shows_all && alert.state != State::closed) continue;
                all.push_back({id, alert.revision});
            }
        }
        return all;
    }
    std::string trouble() const override { return is_away ? "away" : ""; }

    std::vector<Alert> offered;
    std::map<std::string, Alert> waiting;
    bool is_away = false;
    bool shows_all = false;  // Is a display.
    bool is_kept_quiet = false;
    int ticks = 0;

  private:
    std::string name_;
};

Alert alert(const std::string& id, std::uint64_t revision = 1, State state = State::open) {
    Alert one{.id = id,
              .code = "limit",
              .node = "attic",
              .state = state,
              .opened = kNoon,
              .updated = kNoon,
              .revision = revision,
              .sentence = "x"};
    if (state == State::closed) one.closed = kNoon + 1h;
    return one;
}

struct World {
    explicit World(alerts::DispatcherOptions options = {}) {
        alerts::Outputs outputs;
        for (auto** place : {&webhook, &mqtt}) {
            auto drawer = std::make_unique<Drawer>(place == &webhook ? "webhook" : "mqtt");
            *place = drawer.get();
            outputs.push_back(std::move(drawer));
        }
        dispatcher =
            std::make_unique<alerts::Dispatcher>(std::move(outputs), std::move(options), counters);
    }
    void tick(base::EventTime now = kNoon) {
        dispatcher->offer(now);
        keep();
        dispatcher->tick(base::Instant{1h});
        keep();
    }
    void keep() {
        for (auto& one : dispatcher->take_deliveries()) {
            auto& revision = book[{one.output, one.what.id}];
            revision = std::max(revision, one.what.revision);
        }
    }
    /// What a central that starts now would know.
    alerts::Kept kept(std::vector<Alert> all) const {
        alerts::Kept kept{.alerts = std::move(all), .deliveries = {}};
        for (const auto& [key, revision] : book) {
            kept.deliveries.push_back({key.first, {key.second, revision}});
        }
        return kept;
    }

    base::Counters counters;
    Drawer* webhook = nullptr;
    Drawer* mqtt = nullptr;
    std::unique_ptr<alerts::Dispatcher> dispatcher;
    std::map<std::pair<std::string, std::string>, std::uint64_t> book;
};

}  // namespace

TEST_CASE("each output hears each form once, and the way is written down first") {
    World world;
    world.dispatcher->accept(alert("a"));
    world.dispatcher->offer(kNoon);
    CHECK(world.dispatcher->take_deliveries() ==
          std::vector<Delivery>{{"webhook", {"a", 0}}, {"mqtt", {"a", 0}}});
    CHECK(world.dispatcher->waiting() == 2);
    world.dispatcher->tick(base::Instant{1h});
    CHECK(world.dispatcher->take_deliveries() ==
          std::vector<Delivery>{{"webhook", {"a", 1}}, {"mqtt", {"a", 1}}});
    for (int i = 0; i < 3; ++i) world.tick();
    CHECK(world.webhook->offered.size() == 1);
    CHECK(world.mqtt->offered.size() == 1);
    CHECK(world.dispatcher->waiting() == 0);
    world.dispatcher->accept(alert("a", 2, State::closed));
    world.tick();
    REQUIRE(world.webhook->offered.size() == 2);
    CHECK(world.webhook->offered[1].state == State::closed);
    CHECK(world.counters.value("leat_central_alerts_delivered_total", {{"output", "mqtt"}}) == 2);
}

TEST_CASE("an output that is away is told where the alert stands, and does not hold up others") {
    World world;
    world.webhook->is_away = true;
    world.dispatcher->accept(alert("a"));
    world.tick();
    world.dispatcher->accept(alert("a", 2, State::closed));
    world.tick();
    CHECK(world.dispatcher->troubles().at("webhook") == "away");
    CHECK(world.book.at({"mqtt", "a"}) == 2);
    CHECK(world.book.at({"webhook", "a"}) == 0);
    world.webhook->is_away = false;
    world.tick();
    CHECK(world.book.at({"webhook", "a"}) == 2);
    CHECK(world.dispatcher->troubles().empty());
}

TEST_CASE("what is silenced is told when that ends, and its end only to who knows of it") {
    World world;
    auto silenced = alert("a");
    silenced.is_silenced = true;
    world.dispatcher->accept(silenced);
    world.tick();
    CHECK(world.webhook->offered.empty());
    SUBCASE("it ends as an alert before") {
        world.dispatcher->accept(alert("a", 2, State::closed));
        world.tick();
        CHECK(world.webhook->offered.empty());
    }
    SUBCASE("the silence ends before") {
        world.dispatcher->accept(alert("a", 2));
        world.tick();
        REQUIRE(world.webhook->offered.size() == 1);
        silenced.revision = 3;
        world.dispatcher->accept(silenced);
        world.tick();
        CHECK(world.webhook->offered.size() == 1);
        auto closed = alert("a", 4, State::closed);
        closed.is_silenced = true;
        world.dispatcher->accept(closed);
        world.tick();
        CHECK(world.webhook->offered.size() == 2);
    }
}

TEST_CASE("in quiet hours only what is critical is sent out") {
    World world({.quiet = alerts::QuietHours::parse("22:00-07:00", "UTC").value()});
    const auto noon = std::chrono::floor<std::chrono::days>(kNoon) + 12h;
    const auto night = noon + 12h;
    world.dispatcher->accept(alert("a"));
    world.tick(noon);
    world.dispatcher->accept(alert("a", 2, State::closed));
    world.dispatcher->accept(alert("b"));
    auto critical = alert("c");
    critical.severity = detect::Severity::critical;
    world.dispatcher->accept(critical);
    world.tick(night);
    REQUIRE(world.webhook->offered.size() == 2);
    CHECK(world.webhook->offered[1].id == "c");
    CHECK(world.webhook->is_kept_quiet);
    world.tick(night + 7h);
    CHECK_FALSE(world.webhook->is_kept_quiet);
    CHECK(world.webhook->offered.size() == 4);
    CHECK(world.book.at({"webhook", "a"}) == 2);
}

TEST_CASE("a restart neither repeats nor forgets") {
    World before;
    before.webhook->is_away = true;
    before.dispatcher->accept(alert("told"));
    before.dispatcher->accept(alert("ended"));
    before.tick();
    auto silenced = alert("silenced");
    silenced.is_silenced = true;
    World after;
    after.dispatcher->restore(before.kept({alert("told"), alert("ended", 2, State::closed),
                                           silenced, alert("never told", 3, State::closed)}));
    after.tick();
    // What the webhook had was on its way at best; MQTT had it all.
    CHECK(after.webhook->offered.size() == 2);
    REQUIRE(after.mqtt->offered.size() == 1);
    CHECK(after.mqtt->offered[0].id == "ended");
    CHECK(after.mqtt->offered[0].state == State::closed);
    after.tick();
    CHECK(after.webhook->offered.size() == 2);
}

TEST_CASE("a display is offered everything, at any hour, and what holds after a restart") {
    World before({.quiet = alerts::QuietHours::parse("00:00-23:59", "UTC").value()});
    before.mqtt->shows_all = true;
    auto silenced = alert("silenced");
    silenced.is_silenced = true;
    before.dispatcher->accept(silenced);
    before.dispatcher->accept(alert("open"));
    before.dispatcher->accept(alert("ended"));
    before.tick();
    before.dispatcher->accept(alert("ended", 2, State::closed));
    before.tick();
    CHECK(before.mqtt->offered.size() == 4);
    CHECK(before.webhook->offered.empty());
    CHECK(before.dispatcher->waiting() == 0);
    World after;
    after.mqtt->shows_all = true;
    after.dispatcher->restore(
        before.kept({silenced, alert("open"), alert("ended", 2, State::closed)}));
    after.tick();
    REQUIRE(after.mqtt->offered.size() == 2);
    CHECK(after.mqtt->offered[0].id == "open");
    CHECK(after.mqtt->offered[1].id == "silenced");
}

TEST_CASE(
    "who still waits to tell of an alert hears that it is silenced, who has told it does not") {
    World world;
    world.webhook->is_away = true;
    world.dispatcher->accept(alert("a"));
    world.tick();
    auto silenced = alert("a", 2);
    silenced.is_silenced = true;
    world.dispatcher->accept(silenced);
    world.tick();
    CHECK(world.webhook->offered.size() == 2);
    CHECK(world.mqtt->offered.size() == 1);
}

TEST_CASE("ends that wait for an output are bounded, and the oldest are dropped and counted") {
    World world({.quiet = {}, .ends_max = 3});
    world.webhook->is_away = true;
    for (int i = 0; i < 5; ++i) {
        const auto id = std::to_string(i);
        world.dispatcher->accept(alert(id));
        world.tick();
        auto closed = alert(id, 2, State::closed);
        closed.closed = kNoon + i * 1min;
        world.dispatcher->accept(closed);
        world.tick();
    }
    CHECK(world.counters.value("leat_central_alert_ends_dropped_total") == 2);
    CHECK(world.dispatcher->waiting() == 3);
}

TEST_CASE("what comes back after its end was delivered is told again") {
    World world;
    world.dispatcher->accept(alert("a"));
    world.tick();
    world.dispatcher->accept(alert("a", 2, State::closed));
    world.tick();
    world.dispatcher->accept(alert("a", 3));
    world.tick();
    CHECK(world.webhook->offered.size() == 3);
    CHECK(world.book.at({"webhook", "a"}) == 3);
}
