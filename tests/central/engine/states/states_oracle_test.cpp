// Goal: whatever the order in which the readings of a state, or of a series that reports on a
// change, come, and however they are split into records and partials, what is said of how long it
// was on, of its transitions, of its mean by time and of its visits is what a plain recomputation
// from all readings gives, or nothing. Method: random readings go through the engine in random
// records, with random commits and restarts; an oracle keeps every reading. SEED=n repeats one run.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "central/engine/feed.hpp"
#include "central/engine/states/course.hpp"
#include "central/engine/states/visits.hpp"

using namespace engine_test;

namespace {

constexpr base::Duration kPeriod = 60s;

struct Reading {
    base::EventTime at;
    double value = 0;
};
using Readings = std::vector<Reading>;

/// What the readings say of [from, to), reading by reading.
engine::Share expected_share(const Readings& all, std::optional<base::Duration> reach,
                             base::EventTime now, base::EventTime from, base::EventTime to) {
    base::Duration on{0};
    base::Duration known{0};
    double area = 0;
    std::uint64_t transitions = 0;
    for (std::size_t i = 0; i < all.size(); ++i) {
        const bool is_last = i + 1 == all.size();
        const auto next = is_last ? std::max(now, all[i].at) : all[i + 1].at;
        const bool holds = !reach || next - all[i].at <= *reach;
        const auto end = holds ? next : all[i].at + *reach;
        if (end < to && next > from && end < next) return {};  // Not known up to the next one.
        const auto length = std::min(end, to) - std::max(all[i].at, from);
        if (length <= 0ms) continue;
        known += length;
        if (all[i].value != 0) on += length;
        area += all[i].value * static_cast<double>(length.count());
        if (i == 0 || all[i].at < from) continue;
        const bool held = !reach || all[i].at - all[i - 1].at <= *reach;
        if (held && all[i - 1].value != all[i].value) ++transitions;
    }
    if (known == 0ms) return {};
    return {
        .on = on, .transitions = transitions, .mean = area / static_cast<double>(known.count())};
}

std::vector<engine::Visit> expected_visits(const Readings& all, std::optional<base::Duration> reach,
                                           base::EventTime now) {
    std::vector<engine::Visit> visits;
    const auto holds = [&](base::EventTime reading, base::EventTime next) {
        return !reach || next - reading <= *reach;
    };
    for (const auto& [at, value] : all) {
        if (!visits.empty() && visits.back().value == value && holds(visits.back().to, at)) {
            visits.back().to = at;
            ++visits.back().readings;
            continue;
        }
        if (!visits.empty() && holds(visits.back().to, at)) {
            visits.back().until = at;
            visits.back().end = engine::VisitEnd::changed;
        }
        visits.push_back({.from = at,
                          .to = at,
                          .until = {},
                          .value = value,
                          .readings = 1,
                          .end = engine::VisitEnd::unknown});
    }
    if (holds(visits.back().to, now)) visits.back().end = engine::VisitEnd::open;
    std::reverse(visits.begin(), visits.end());
    return visits;
}

/// One series, its readings, and the records that they came in.
class World {
  public:
    World(std::uint64_t seed, bool is_state, bool has_period)
        : random_(seed), is_state_(is_state), has_period_(has_period) {
        begin_again();
    }

    /// A new centre; what came is received a month later.
    void begin_again() {
        feed_ = std::make_unique<Feed>(engine::EngineOptions{.rows_max = 50});
        received_ += 30 * 24h;
        wire::SeriesDeclaration declared{.series = "door.open",
                                         .quantity = "contact",
                                         .unit = is_state_ ? "/" : "Cel",
                                         .driver = "test",
                                         .least = {},
                                         .most = {},
                                         .resolution = {},
                                         .period = {},
                                         .also_between = true};
        if (is_state_) declared.resolution = 1;
        if (has_period_) declared.period = kPeriod;
        feed_->accept(wire::encode_record({.body = declared, .origin = {}}));
    }

    /// Readings of six hours: some on the period, some on a change, with outages.
    void make() {
        auto t = at(-7'200'000);
        double value = 0;
        while (t < at(14'400'000)) {
            if (random_.chance(1, 4)) {
                value = is_state_ ? 1 - value : static_cast<double>(random_.below(200)) / 4;
            }
            all_.push_back({t, value});
            t += base::Duration{1 + static_cast<std::int64_t>(random_.below(60'000))};
            if (random_.chance(1, 60)) t += base::Duration{600'000};
        }
        now_ = all_.back().at + 2min;
    }

    /// Slices of the readings, each a record.
    std::vector<Readings> slices(std::size_t most) {
        std::vector<Readings> made;
        for (std::size_t i = 0; i < all_.size();) {
            const auto count = std::min(all_.size() - i, 1 + random_.below(most));
            const auto begin = all_.begin() + static_cast<std::ptrdiff_t>(i);
            made.emplace_back(begin, begin + static_cast<std::ptrdiff_t>(count));
            i += count;
        }
        return made;
    }

    /// Slices that begin where readings were missing: what boots are that are placed later.
    std::vector<Readings> boots() const {
        std::vector<Readings> made;
        for (const auto& reading : all_) {
            if (made.empty() || reading.at - made.back().back().at > kPeriod * 3 / 2) {
                made.emplace_back();
            }
            made.back().push_back(reading);
        }
        return made;
    }

    void shuffle(std::vector<Readings>& slices) {
        for (auto i = slices.size(); i > 1; --i) std::swap(slices[i - 1], slices[random_.below(i)]);
    }

    void send(const Readings& slice) {
        Points points;
        for (const auto& [t, value] : slice) points.emplace_back((t - at(0)).count(), value);
        accept(readings("door.open", points));
    }

    /// Readings as partials of a minute, with the times of the first and the last.
    void send_partials(const Readings& slice) {
        wire::PartialColumn column;
        column.span = 1min;
        for (const auto& [t, value] : slice) {
            const auto start = engine::window_start(t, 1min);
            const auto dt = (start - at(0)).count();
            if (column.dt_ms.empty() || column.dt_ms.back() != dt) {
                column.dt_ms.push_back(dt);
                column.summaries.push_back(wire::Summary::of(value));
                column.first_dt_ms.push_back((t - start).count());
                column.last_dt_ms.push_back((t - start).count());
            } else {
                column.summaries.back().add(value);
                column.last_dt_ms.back() = (t - start).count();
            }
        }
        accept(data({{.series = "door.open", .points = column}}));
    }

    /// How many shares are known, and how many of them are said. All that are said are right.
    std::pair<int, int> check_shares() {
        const engine::Course course{stretches(), holding(), true, now_};
        int known = 0;
        int said = 0;
        for (const base::Duration span :
             {base::Duration{1min}, base::Duration{15min}, base::Duration{1h}}) {
            const auto first = engine::window_start(all_.front().at, span);
            for (auto start = first; start < now_ + 1h; start += span) {
                const auto expected = expected_share(all_, reach(), now_, start, start + span);
                const auto share = course.share(start, start + span);
                if (expected.on) ++known;
                if (!share.on) continue;
                ++said;
                CAPTURE(start.time_since_epoch().count());
                CAPTURE(span.count());
                REQUIRE(expected.on);
                CHECK(share.on == expected.on);
                CHECK(share.transitions == expected.transitions);
                CHECK(*share.mean == doctest::Approx(*expected.mean).epsilon(1e-12));
            }
        }
        return {known, said};
    }

    void check_visits() {
        engine::Visits visits{holding(), now_};
        const auto all = stretches();
        for (auto it = all.rbegin(); it != all.rend(); ++it) visits.add(*it);
        visits.finish();
        CHECK(visits.whole() == expected_visits(all_, reach(), now_));
    }

    std::vector<engine::Stretch> stretches() {
        feed_->commit();
        std::vector<engine::Stretch> all;
        for (const auto& [from, stretch] : feed_->memory.courses.of({"attic", "door.open"})) {
            all.push_back(stretch);
        }
        return all;
    }

    base::Random& random() { return random_; }

  private:
    void accept(const std::string& line) {
        CHECK_FALSE(feed_->accept(line, "attic", received_).refused);
        if (random_.chance(1, 5)) feed_->commit();
        if (!random_.chance(1, 20)) return;
        feed_->commit();
        feed_->engine.forget();
    }
    std::optional<base::Duration> reach() const {
        if (!has_period_) return std::nullopt;
        return kPeriod * 3 / 2;
    }
    engine::Holding holding() const { return {reach(), {}}; }

    base::Random random_;
    bool is_state_;
    bool has_period_;
    std::unique_ptr<Feed> feed_;
    base::EventTime received_ = at(0);
    Readings all_;
    base::EventTime now_;
};

/// Calls with worlds of every kind.
template <class Test>
void with_worlds(Test test) {
    const char* wanted = std::getenv("SEED");
    const std::uint64_t first = wanted != nullptr ? std::strtoull(wanted, nullptr, 10) : 1;
    for (std::uint64_t seed = first; seed < first + (wanted != nullptr ? 1 : 6); ++seed) {
        for (const bool is_state : {true, false}) {
            for (const bool has_period : {true, false}) {
                CAPTURE(seed);
                CAPTURE(is_state);
                CAPTURE(has_period);
                World world{seed, is_state, has_period};
                world.make();
                test(world);
            }
        }
    }
}

}  // namespace

TEST_CASE("readings in order give all that a recomputation gives, however they are split") {
    with_worlds([](World& world) {
        for (const auto& slice : world.slices(12)) world.send(slice);
        const auto [known, said] = world.check_shares();
        CHECK(known > 100);
        CHECK(said == known);
        world.check_visits();
    });
}

TEST_CASE("boots that are placed in any order give all that a recomputation gives") {
    with_worlds([](World& world) {
        auto boots = world.boots();
        REQUIRE(boots.size() > 2);
        world.shuffle(boots);
        for (const auto& boot : boots) {
            for (std::size_t i = 0; i < boot.size(); i += 5) {
                const auto end = std::min(i + 5, boot.size());
                world.send({boot.begin() + static_cast<std::ptrdiff_t>(i),
                            boot.begin() + static_cast<std::ptrdiff_t>(end)});
            }
        }
        const auto [known, said] = world.check_shares();
        CHECK(said == known);
        world.check_visits();
    });
}

TEST_CASE("readings in any order, some as partials, are right or refused") {
    int all_known = 0;
    int all_said = 0;
    with_worlds([&](World& world) {
        auto slices = world.slices(12);
        world.shuffle(slices);
        for (const auto& slice : slices) {
            if (world.random().chance(1, 4)) {
                world.send_partials(slice);
            } else {
                world.send(slice);
            }
        }
        const auto [known, said] = world.check_shares();
        all_known += known;
        all_said += said;
    });
    MESSAGE(all_said << " of " << all_known << " shares are said");
    CHECK(all_said > all_known / 2);
    CHECK(all_said < all_known);
}

TEST_CASE("what is kept does not depend on commits and restarts, nor on how late a node comes") {
    with_worlds([](World& world) {
        const auto slices = world.slices(12);
        for (const auto& slice : slices) world.send(slice);
        const auto kept = world.stretches();
        CHECK_FALSE(kept.empty());
        world.begin_again();
        for (const auto& slice : slices) world.send(slice);
        CHECK(world.stretches() == kept);
    });
}
