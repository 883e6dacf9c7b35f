// Goal: a reading that is due comes to one reading or to one failure, however often a driver tries,
// and the window that it belongs to says so.
// Method: a real driver with a scripted sensor is sampled on a manual clock; the centre's engine
// counts the records and judges the window.

#include <fmt/format.h>

#include <set>

#include "agent/sampling/retried_driver.hpp"
#include "agent/sampling/sampler_board.hpp"
#include "central/engine/feed.hpp"
#include "central/engine/quality/completeness.hpp"
#include "drivers/dht/dht.hpp"
#include "support/eventually.hpp"

namespace {

using namespace std::chrono_literals;
using namespace agent_test;
using drivers::dht::Captured;
using engine::WindowState;

/// Answers every try but those of these numbers, counted from 0; each of them has its own reason.
class FakeCapture final : public drivers::dht::Capture {
  public:
    explicit FakeCapture(std::set<int> bad) : bad_(std::move(bad)) {}
    Captured read() override {
        const int number = tries_++;
        if (!bad_.contains(number)) return {drivers::dht::Climate{45, 23.4}, {}};
        return {drivers::Refusal{.reason = fmt::format("try {}", number)}, {0, 160}};
    }

  private:
    std::set<int> bad_;
    int tries_ = 0;
};

class Heard final : public agent::SensorListener {
  public:
    void on_reading(std::string_view, const wire::LatestReading&, base::Instant) override {
        ++readings;
    }
    void on_fault(std::string_view, const std::string& reason, base::Instant) override {
        tries.insert(reason);
    }

    std::size_t readings = 0;     // One of each quantity.
    std::set<std::string> tries;  // Those that failed.
};

/// A DHT22 that is read every `period`, and what the centre makes of it.
class Climate {
  public:
    /// The node starts so long after the beginning of minute 0.
    Climate(base::Duration period, base::Duration start, std::set<int> bad) {
        board_.clock.step_wall(engine_test::at(start.count()) - board_.clock.event_time());
        board_.sensors.push_back(
            {.name = "climate",
             .kind = "dht",
             .period = period,
             .driver = std::make_unique<drivers::dht::Driver>(
                 drivers::dht::Options{}, std::make_unique<FakeCapture>(std::move(bad)))});
    }

    /// Tick by tick, a second apart. At each tick of `tries` the sensor is asked: its answer is
    /// awaited.
    void run(int ticks, const std::set<int>& tries) {
        auto sampler = board_.make();
        sampler.set_listener(&heard);
        const auto tick = [&] { sampler.tick(board_.clock.instant(), true); };
        for (int number = 0; number < ticks; ++number) {
            tick();
            if (tries.contains(number)) {
                ++answers_due_;
                REQUIRE(support::eventually([&] {
                    tick();
                    return answers() == answers_due_;
                }));
            }
            board_.clock.advance(1s);
        }
        sampler.close();
        for (const auto& line : sampler.take_flush().lines) feed_.accept(line, "attic");
        feed_.commit();
    }

    /// What happened in a minute.
    engine::WindowRow minute(int number) {
        const engine::WindowKey key{.span = 1min,
                                    .node = "attic",
                                    .series = "climate.temperature",
                                    .start = engine_test::at(number * 60'000)};
        return feed_.memory.windows.contains(key) ? feed_.memory.windows.at(key)
                                                  : engine::WindowRow{};
    }

    /// The readings around the minute are those of its neighbours.
    WindowState state(int number) {
        const auto row = minute(number);
        const auto start = engine_test::at(number * 60'000);
        engine::Around around;
        if (minute(number - 1).summary.count > 0) around.before = minute(number - 1).last_at;
        if (minute(number + 1).summary.count > 0) around.after = minute(number + 1).first_at;
        const auto& series = feed_.memory.all_series.at({"attic", "climate.temperature"});
        return engine::judge({.start = start, .span = 1min, .row = row, .around = around}, series,
                             start + 10min, engine::GapSpans{{}})
            .state;
    }

    Heard heard;

  private:
    std::size_t answers() const { return heard.readings / 2 + heard.tries.size(); }

    std::size_t answers_due_ = 0;
    Board board_;
    engine_test::Feed feed_;
};

/// Ticks from `first` on, `apart` ticks apart, before `end`.
std::set<int> every(int apart, int first, int end) {
    std::set<int> ticks;
    for (; first < end; first += apart) ticks.insert(first);
    return ticks;
}

}  // namespace

TEST_CASE("a reading that comes at its third try has not failed, and makes no gap") {
    // Due at 8, 18 … 118 s. That of 58 s fails, fails again at 60, and comes at 62.
    Climate climate(10s, 7s, {5, 6});
    auto tries = every(10, 1, 120);
    tries.insert({53, 55});
    climate.run(120, tries);
    CHECK(climate.heard.tries == std::set<std::string>{"try 5", "try 6"});  // Told all the same.
    CHECK(climate.minute(0).summary.count == 5);
    CHECK(climate.minute(1).summary.count == 7);
    CHECK(climate.minute(0).failed + climate.minute(1).failed == 0);
    CHECK(climate.state(0) == WindowState::complete);
    CHECK(climate.state(1) == WindowState::complete);
}

TEST_CASE("a reading that never comes has failed once, however often it was tried") {
    Climate climate(10s, 0s, {2, 3, 4});
    auto tries = every(10, 1, 120);
    tries.insert({23, 25});
    climate.run(120, tries);
    CHECK(climate.heard.tries.size() == 3);
    CHECK(climate.minute(0).summary.count == 5);
    CHECK(climate.minute(0).failed == 1);
    CHECK(climate.state(0) == WindowState::known_gap);
    CHECK(climate.minute(1).failed == 0);
    CHECK(climate.state(1) == WindowState::complete);
}

TEST_CASE("a reading that is due while the one before is still tried counts for itself") {
    Climate climate(2s, 0s, {3, 4, 10});
    climate.run(120, every(2, 1, 120));
    CHECK(climate.minute(0).summary.count == 27);
    CHECK(climate.minute(0).failed == 3);
    CHECK(climate.minute(1).summary.count == 30);
    CHECK(climate.minute(1).failed == 0);
}

TEST_CASE("of a sensor that cannot be opened, every reading that is due has failed, and no other") {
    for (const auto& [period, due] : {std::pair{5s, 12U}, std::pair{600s, 1U}, std::pair{0s, 0U}}) {
        CAPTURE(period);
        Board board;
        board.sensors.push_back({.name = "absent",
                                 .kind = "dht",
                                 .period = period,
                                 .driver = std::make_unique<agent::RetriedDriver>(
                                     [] {
                                         return base::Error{base::Fault::transient, "absent"};
                                     },
                                     "absent", board.clock.instant())});
        auto sampler = board.make();
        for (int second = 0; second < 60; ++second) {
            sampler.tick(board.clock.instant(), true);
            board.clock.advance(1s);
        }
        sampler.close();
        std::uint64_t failed = 0;
        for (const auto& record : bodies<wire::Failed>(sampler.take_flush())) {
            for (const auto& column : record.columns) {
                CHECK(column.series == "absent");
                for (const auto count : column.counts) failed += count;
            }
        }
        CHECK(failed == due);
        CHECK(sampler.faults().front() == "absent: cannot be opened: absent");
    }
}
