// Goal: whatever a node sends and whenever central dies, what is stored of a window is what an
// answer says of it. Method: random histories - outages, failures, late readings, partials, gaps of
// all kinds and in any order, records without a clock, readings from the future, other periods -
// with commits, judging and kills at random points. Once nothing is due, every row of every span is
// compared with an answer about the whole series. SEED=n repeats one history.
#include <algorithm>
#include <cstdlib>

#include "base/random.hpp"
#include "central/database/place.hpp"
#include "central/judging/judging_world.hpp"

using namespace judging_test;

namespace {

const std::vector<std::vector<base::Duration>> kSpans{
    {1min, 15min, 1h, 24h}, {10s, 1min, 5min, 1h}, {1min, 15min}, {10s, 24h}};
const std::vector<std::optional<base::Duration>> kPeriods{10s,   45s,    1min,        7min,
                                                          50min, 150min, std::nullopt};

/// Of what happened, by what the test wants to have seen.
struct Seen {
    std::size_t settled = 0;
    std::size_t gaps = 0, uncertain = 0, coarse = 0, unclaimed = 0, failed = 0;
};

class History {
  public:
    explicit History(std::uint64_t seed)
        : random_(seed),
          world_(kSpans[random_.below(kSpans.size())],
                 {.series_max = 1 + random_.below(4),
                  .rows_max = 1 + random_.below(400),
                  .windows_max = static_cast<std::int64_t>(1 + random_.below(200))}) {
        for (const char* name : {"a.t", "b.t", "c.t"}) {
            series_.push_back({.name = name});
            redeclare(series_.back());
        }
    }

    void run(Seen& seen) {
        for (int step = 0; step < 250; ++step) {
            act();
            if (random_.chance(1, 4)) world_.commit();
            if (random_.chance(1, 4)) world_.tick();
            if (random_.chance(1, 40)) kill();
            if (random_.chance(1, 80)) check(nullptr);
        }
        check(&seen);
    }

  private:
    struct Series {
        std::string name;
        std::optional<base::Duration> period{};
        base::EventTime next = at(0s);
    };

    base::Duration some(base::Duration most) {
        return base::Duration{
            static_cast<std::int64_t>(random_.below(static_cast<std::uint64_t>(most.count())))};
    }
    Series& any() { return series_[random_.below(series_.size())]; }

    void redeclare(Series& series) {
        series.period = kPeriods[random_.below(kPeriods.size())];
        world_.declare(series.name, series.period, random_.chance(1, 4), time_);
    }

    void act() {
        switch (random_.below(14)) {
            case 0:
            case 1:
            case 2:
            case 3:
            case 4:
                return live();
            case 5:
                time_ += some(random_.chance(1, 10) ? 20h : 2h);  // Nobody reads anything.
                return;
            case 6:
                return fail_for_a_while(any());
            case 7:
                return world_.read(any().name, at(some(time_ - at(0s) + 1ms)));
            case 8:
                return summarise();
            case 9:
                return give_up();
            case 10:
                if (random_.chance(1, 6)) redeclare(any());
                return;
            case 11:
                return wait_for_a_clock();
            case 12:
                if (random_.chance(1, 4)) read_ahead();
                return;
            default:
                return lose();
        }
    }

    void live() {
        const auto end = time_ + some(40min);
        for (auto& series : series_) {
            if (random_.chance(1, 4)) continue;
            const auto period = series.period.value_or(3min);
            auto time = std::max(series.next, time_);
            int readings = 0;
            for (; time < end && readings < 120; time += period, ++readings) {
                if (random_.chance(1, 12)) continue;
                if (random_.chance(1, 20)) world_.fail(series.name, time);
                world_.read(series.name, time + some(period / 3 + 1ms));
            }
            series.next = time;
        }
        time_ = end;
    }

    void fail_for_a_while(Series& series) {
        const auto from = random_.chance(1, 3) ? at(some(time_ - at(0s) + 1ms)) : time_;
        const auto times = 1 + random_.below(30);
        for (std::uint64_t i = 0; i < times; ++i) {
            world_.fail(series.name, from + static_cast<std::int64_t>(i) * 1min);
        }
    }

    void summarise() {
        const auto span = random_.chance(1, 2) ? 15min : random_.chance(1, 2) ? 1h : 1min;
        const auto time = random_.chance(1, 2) ? time_ : at(some(time_ - at(0s) + 1ms));
        const auto start = engine::window_start(time, span);
        const auto first = some(span);
        const auto last = first + some(span - first);
        const auto count = first == last ? 1 : 2 + random_.below(20);
        world_.summarise(any().name, start, span, count, first.count(), last.count(), time_ + 1h);
    }

    void give_up() {
        if (world_.seq == 0) return;
        wire::Gap gap{.from = 1 + random_.below(world_.seq),
                      .to = 0,
                      .readings = 5,
                      .first = {},
                      .last = {},
                      .reason = wire::GapReason::evicted};
        gap.to = gap.from + random_.below(8);
        if (random_.chance(1, 4)) gap.reason = wire::GapReason::corrupt;
        if (random_.chance(1, 6)) gap.reason = wire::GapReason::thinned;
        if (random_.chance(3, 4)) {
            gap.first = at(some(time_ - at(0s) + 1ms));
            gap.last = *gap.first + some(3h);
        }
        world_.declare_gap(gap, time_);
    }

    /// New records, and some that are declared as evicted already.
    void lose() {
        if (random_.chance(1, 2)) return world_.lose(1 + random_.below(3), time_);
        if (world_.seq == 0) return;
        const auto from = 1 + random_.below(world_.seq);
        world_.lose(from, std::min(world_.seq, from + random_.below(4)), time_);
    }

    /// Records of a boot that is tied to UTC now and then.
    void wait_for_a_clock() {
        if (boots_ > 0 && random_.chance(1, 2)) {
            const auto boot = "b" + std::to_string(random_.below(boots_));
            world_.apply({.body = wire::ClockSample{.boot = boot,
                                                    .since_boot = 1min,
                                                    .utc = at(some(time_ - at(0s) + 1ms)),
                                                    .error = 5ms},
                          .origin = {}},
                         time_);
            return;
        }
        const auto boot = "b" + std::to_string(boots_++);
        for (int i = 0; i < 4; ++i) {
            world_.apply({.body = wire::Data{.at = base::EventTime{} + i * 1min + some(30s),
                                             .clock = wire::ClockState::boot,
                                             .boot = boot,
                                             .columns = {{.series = any().name,
                                                          .points = wire::RawColumn{{0}, {20}}}}},
                          .origin = {}},
                         time_);
        }
    }

    void read_ahead() {
        const auto time = time_ + 10min + some(5h);
        world_.apply({.body = wire::Data{.at = time,
                                         .clock = wire::ClockState::synced,
                                         .boot = {},
                                         .columns = {{.series = any().name,
                                                      .points = wire::RawColumn{{0}, {20}}}}},
                      .origin = {}},
                     time_);
    }

    /// Only of what is saved, as the node would send the rest again.
    void kill() {
        world_.commit();
        world_.kill();
    }

    void check(Seen* seen) {
        world_.commit();
        world_.judge_all();
        for (const auto& series : series_) {
            const auto settled = world_.check(series.name);
            if (seen == nullptr) continue;
            seen->settled += settled;
            for (const auto span : world_.spans) {
                for (const auto& [start, stored] : world_.stored(series.name, span))
                    count(stored, *seen);
            }
        }
    }

    static void count(const Stored& stored, Seen& seen) {
        const auto has = [&](const char* word) {
            return stored.causes && stored.causes->find(word) != std::string::npos;
        };
        if (stored.state == "known_gap") ++seen.gaps;
        if (stored.state == "only_wider") ++seen.coarse;
        if (stored.state == "unclaimed") ++seen.unclaimed;
        if (has("perhaps")) ++seen.uncertain;
        if (has("checksum")) ++seen.failed;
    }

    base::Random random_;
    World world_;
    std::vector<Series> series_;
    base::EventTime time_ = at(1h);
    std::uint64_t boots_ = 0;
};

}  // namespace

TEST_CASE("what is stored of a window is what an answer says of it, whatever came in which order") {
    Seen seen;
    if (const char* seed = std::getenv("SEED")) {
        History{std::strtoull(seed, nullptr, 10)}.run(seen);
        return;
    }
    // A server answers each of its many small questions more slowly: one history there.
    const std::uint64_t histories = central_test::is_postgres() ? 1 : 6;
    for (std::uint64_t seed = 1; seed <= histories; ++seed) {
        INFO("SEED=" << seed);
        History{seed}.run(seen);
    }
    CHECK(seen.settled > 500);
    if (histories == 1) return;
    CHECK(seen.settled > 5'000);
    CHECK(seen.gaps > 500);
    CHECK(seen.coarse > 100);
    CHECK(seen.unclaimed > 100);
    CHECK(seen.uncertain > 100);
    CHECK(seen.failed > 100);
}
