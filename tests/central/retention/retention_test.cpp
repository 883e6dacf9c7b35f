// Goal: single readings go when they are as old as the configuration says, in bounded steps, and no
// wrong clock makes them go earlier.
#include "central/retention/retention.hpp"

#include <doctest/doctest.h>

#include "base/settings.hpp"
#include "central/retention/settings.hpp"

namespace {

using namespace std::chrono_literals;
using retention::Keep;

base::EventTime at(base::Duration since) {
    return base::from_milliseconds(1'763'640'000'000) + since;
}

/// Notes what is to be removed, and has so many blocks for each series.
class Store final : public sinks::KeptReadings {
  public:
    base::Result<std::vector<sinks::KeptSeries>> kept_series(std::int64_t after,
                                                             std::size_t series_max) override {
        if (is_failing) return base::Error{base::Fault::transient, "locked"};
        std::vector<sinks::KeptSeries> found;
        for (const auto& one : series) {
            if (one.id > after && found.size() < series_max) found.push_back(one);
        }
        return found;
    }
    base::Result<std::vector<std::string>> kept_quantities() override {
        std::vector<std::string> found;
        for (const auto& one : series) found.push_back(one.quantity);
        return found;
    }
    base::Result<std::optional<base::EventTime>> newest_arrival() override { return newest; }
    base::Result<std::optional<base::EventTime>> last_removal() override { return last; }
    base::Status note_removal(base::EventTime time) override {
        last = time;
        return base::Done{};
    }
    base::Result<std::optional<sinks::Removed>> remove_month(base::EventTime end) override {
        months_before = end;
        if (months == 0) return std::optional<sinks::Removed>{};
        --months;
        return std::optional{sinks::Removed{.blocks = 7, .readings = 70}};
    }
    base::Result<sinks::Removed> remove(const std::vector<sinks::Outdated>& outdated,
                                        std::size_t blocks_max) override {
        CHECK(months == 0);  // First: what goes with them need not go by itself.
        ++removals;
        sinks::Removed removed;
        for (const auto& one : outdated) {
            before[one.series] = one.before;
            now = one.now;
            auto& left = blocks[one.series];
            const auto some = std::min(left, blocks_max - removed.blocks);
            left -= some;
            removed.blocks += some;
            removed.readings += 10 * some;
        }
        return removed;
    }

    std::vector<sinks::KeptSeries> series;
    std::optional<base::EventTime> newest = at(0s);
    std::map<std::int64_t, base::EventTime> before;
    std::map<std::int64_t, std::size_t> blocks;
    std::optional<base::EventTime> now;
    std::optional<base::EventTime> last;
    std::optional<base::EventTime> months_before;
    int months = 0;
    int removals = 0;
    bool is_failing = false;
};

/// Has no windows.
class NoWindows final : public sinks::KeptWindows {
  public:
    base::Status give_up(base::Duration /*span*/, base::EventTime before) override {
        given_up = before;
        return base::Done{};
    }
    base::Result<sinks::RemovedWindows> remove_windows(base::Duration /*span*/,
                                                       std::int64_t /*from_series*/,
                                                       std::size_t /*windows_max*/) override {
        return sinks::RemovedWindows{};
    }

    std::optional<base::EventTime> given_up;
};

struct World {
    explicit World(retention::KeepReadings keep = {}) {
        store.series = {{.id = 3, .quantity = "temperature"}, {.id = 5, .quantity = "motion"}};
        retention.emplace(store, windows, counters,
                          retention::RetentionOptions{.keep = std::move(keep),
                                                      .keep_windows = {{1min, 90 * 24h}},
                                                      .series_max = 2,
                                                      .blocks_max = 100});
    }
    /// Steps until there is nothing more to do.
    int run(base::EventTime time) {
        int steps = 1;
        while (retention->tick(instant, time)) ++steps;
        return steps;
    }

    Store store;
    NoWindows windows;
    base::Counters counters;
    std::optional<retention::Retention> retention;
    base::Instant instant{};
};

retention::KeepReadings read(const std::string& text) {
    auto settings = base::Settings::parse(text, "central.toml").value();
    auto keep = retention::read_keep(settings.table("readings"));
    const auto checked = settings.check();
    REQUIRE_MESSAGE(checked, checked.error().detail);
    return keep;
}

std::string refusal(const std::string& text) {
    auto settings = base::Settings::parse(text, "central.toml").value();
    retention::read_keep(settings.table("readings"));
    const auto checked = settings.check();
    return checked ? "" : checked.error().detail;
}

}  // namespace

TEST_CASE("readings go by the age of their quantity") {
    retention::KeepReadings keep;
    keep.fallback.age = 24h;
    keep.of["motion"] = {.is_kept = true, .age = 48h};
    World world{keep};
    world.run(at(0s));
    CHECK(world.store.before.at(3) == at(-24h));
    CHECK(world.store.before.at(5) == at(-48h));
    CHECK(world.store.now == at(0s));
}

TEST_CASE("a whole month goes when it is older than what any quantity keeps, and is counted") {
    retention::KeepReadings keep;
    keep.fallback.age = 24h;
    keep.of["motion"] = {.is_kept = true, .age = 48h};
    keep.of["nothing measures it"] = {.is_kept = true, .age = 480h};
    World world{keep};
    world.store.months = 3;
    world.run(at(0s));
    CHECK(world.store.months == 0);
    CHECK(world.store.months_before == at(-48h));
    CHECK(world.counters.counter("leat_central_readings_outdated_total", "").value() == 210);
}

TEST_CASE("no month goes as a whole while a quantity is kept for ever") {
    retention::KeepReadings keep;
    keep.of["motion"].age.reset();
    World world{keep};
    world.run(at(0s));
    CHECK_FALSE(world.store.months_before);
    CHECK(world.store.removals > 0);
}

TEST_CASE("what is kept for ever is not asked about") {
    retention::KeepReadings keep;
    keep.fallback.age.reset();
    World world{keep};
    world.run(at(0s));
    CHECK(world.store.removals == 0);
}

TEST_CASE("a clock that jumped ahead removes nothing that is not old to the bridge") {
    World world;
    world.run(at(24h * 365));
    CHECK(world.store.before.at(3) == at(-24h * 30));
    CHECK(world.store.now == at(0s));
}

TEST_CASE("where both clocks jumped nothing goes for a day, and nothing when they are set right") {
    World world;
    world.run(at(0s));
    world.store.newest = at(24h * 400);
    world.instant += 15min;
    world.run(at(24h * 400));
    CHECK(world.store.removals == 1);
    world.store.newest = at(30min);
    world.instant += 15min;
    world.run(at(30min));
    CHECK(world.store.removals == 2);
    CHECK(world.store.now == at(30min));
    // A machine that was away for so long comes back like this.
    world.store.newest = at(24h * 400);
    world.instant += 15min;
    world.run(at(24h * 400));
    world.instant += 23h;
    world.run(at(24h * 400 + 23h));
    CHECK(world.store.removals == 2);
    world.instant += 1h;
    world.run(at(24h * 400 + 24h));
    CHECK(world.store.removals == 3);
}

TEST_CASE("a clock that is behind removes less") {
    World world;
    world.run(at(-24h));
    CHECK(world.store.before.at(3) == at(-24h * 31));
}

TEST_CASE("without a record nothing goes") {
    World world;
    world.store.newest.reset();
    world.run(at(0s));
    CHECK(world.store.removals == 0);
}

TEST_CASE("much goes in bounded steps, and all of it") {
    World world;
    world.store.series.push_back({.id = 9, .quantity = "humidity"});
    world.store.blocks = {{3, 250}, {5, 30}, {9, 10}};
    CHECK(world.run(at(0s)) == 5);
    for (const auto& [id, left] : world.store.blocks) CHECK(left == 0);
    CHECK(world.counters.value("leat_central_readings_outdated_total") == 2'900);
}

TEST_CASE("it looks again only after a while, also after a failure") {
    World world;
    world.run(at(0s));
    CHECK(world.store.removals == 1);
    world.instant += 14min;
    world.run(at(0s));
    CHECK(world.store.removals == 1);
    world.instant += 1min;
    world.store.is_failing = true;
    CHECK_FALSE(world.retention->tick(world.instant, at(0s)));
    world.store.is_failing = false;
    CHECK_FALSE(world.retention->tick(world.instant, at(0s)));
    world.instant += 15min;
    world.run(at(0s));
    CHECK(world.store.removals == 2);
}

TEST_CASE("the configuration says how long single readings are kept") {
    CHECK(read("").fallback == Keep{.is_kept = true, .age = 30 * 24h});
    CHECK(read("[readings]\nkeep = \"forever\"").fallback ==
          Keep{.is_kept = true, .age = std::nullopt});
    const auto keep = read(
        "[readings]\nkeep = \"90d\"\n[readings.quantities]\nmotion = \"off\"\n"
        "pressure = \"2h\"");
    CHECK(keep.keep("temperature") == Keep{.is_kept = true, .age = 90 * 24h});
    CHECK(keep.keep("motion") == Keep{.is_kept = false, .age = 90 * 24h});
    CHECK(keep.keep("pressure") == Keep{.is_kept = true, .age = 2h});
    CHECK(keep.singles().keeps("temperature"));
    CHECK_FALSE(keep.singles().keeps("motion"));
    const auto off = read("[readings]\nkeep = \"off\"\n[readings.quantities]\nmotion = \"1d\"");
    CHECK_FALSE(off.singles().keeps("temperature"));
    CHECK(off.singles().keeps("motion"));
    CHECK(off.keep("temperature").age == 30 * 24h);
}

TEST_CASE("a time that is none is refused with its place") {
    CHECK(refusal("[readings]\nkeep = \"soon\"").find("readings.keep: \"soon\" is no time") !=
          std::string::npos);
    CHECK(refusal("[readings]\nkeep = \"5m\"").find("from 1h on") != std::string::npos);
    CHECK(refusal("[readings]\nkeep = 30") ==
          "central.toml:2: readings.keep needs a unit, in quotes: write keep = \"30d\"");
    CHECK(refusal("[readings.quantities]\nmotion = 7") ==
          "central.toml:2: readings.quantities.motion needs a unit, in quotes: write motion = "
          "\"7d\"");
    CHECK(refusal("[readings.quantities]\nmotion = \"no\"")
              .find("readings.quantities.motion: \"no\"") != std::string::npos);
}

TEST_CASE("windows go by the time that readings go by") {
    World world;
    world.run(at(24h * 365));
    CHECK(world.windows.given_up == std::chrono::floor<std::chrono::days>(at(-24h * 90)));
}
