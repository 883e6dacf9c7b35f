#include "central/sinks/tables/spans.hpp"

#include <doctest/doctest.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "central/database/any_database.hpp"
#include "central/database/place.hpp"
#include "central/sinks/database_query.hpp"
#include "central/sinks/opening.hpp"
#include "central/sinks/steps.hpp"
#include "support/temporary_folder.hpp"

using namespace sinks_test;

namespace {

using Spans = std::vector<base::Duration>;

engine::WindowRow row_of(std::int64_t start, const std::vector<double>& values) {
    engine::WindowRow row;
    std::int64_t t = start;
    for (const double value : values) {
        wire::Sketch sketch;
        sketch.add(value);
        row.merge({.first_at = at(t),
                   .last_at = at(t),
                   .summary = wire::Summary::of(value),
                   .sketch = sketch});
        t += 1'000;
    }
    row.failed = 1;
    return row;
}

/// A database that is opened again and again, each time with other lengths.
class Place {
  public:
    void open(const Spans& spans) {
        sink_.reset();
        auto opened = sinks::open_sink({.path = central_test::place(path()), .spans = spans});
        REQUIRE_MESSAGE(opened, opened.error().detail);
        sink_ = std::move(opened).value();
    }

    /// Minutes from `first` to `last`, each with two readings, in all of the lengths.
    void count(const Spans& spans, std::int64_t first, std::int64_t last) {
        auto step = step_of(sink_->load(0, 1).value().state, "1-0");
        step.changes.windows.clear();
        for (auto minute = first; minute <= last; ++minute) {
            const auto start = minute * 60'000;
            const auto row = row_of(start, {static_cast<double>(minute), 50});
            for (const auto span : spans) {
                const auto begin = engine::window_start(at(start), span);
                const engine::WindowKey key{span, "attic", "climate.temperature", begin};
                rows_[key].add(row);
                step.changes.windows[key] = rows_[key];
            }
        }
        REQUIRE(sink_->commit(step));
    }

    std::vector<std::pair<base::EventTime, engine::WindowRow>> windows(base::Duration span) {
        auto query = sinks::DatabaseQuery::open(central_test::place(path()));
        REQUIRE(query);
        auto found = query.value()->windows({.node = "attic",
                                             .series = "climate.temperature",
                                             .span = span,
                                             .from = at(0),
                                             .to = at(30 * 86'400'000LL),
                                             .with_sketches = true});
        REQUIRE(found);
        return std::move(found).value();
    }
    sinks::DatabaseSink& sink() { return *sink_; }
    std::vector<sinks::StoredSpan> spans() {
        auto query = sinks::DatabaseQuery::open(central_test::place(path()));
        REQUIRE(query);
        return query.value()->spans().value();
    }
    std::string path() const { return folder_.file("leat.db"); }
    void close() { sink_.reset(); }

  private:
    support::TemporaryFolder folder_;
    std::unique_ptr<sinks::DatabaseSink> sink_;
    std::map<engine::WindowKey, engine::WindowRow> rows_;
};

void check_same(const std::vector<std::pair<base::EventTime, engine::WindowRow>>& found,
                const std::vector<std::pair<base::EventTime, engine::WindowRow>>& wanted) {
    REQUIRE(found.size() == wanted.size());
    for (std::size_t i = 0; i < found.size(); ++i) {
        CHECK(found[i].first == wanted[i].first);
        auto row = found[i].second;
        row.revision = wanted[i].second.revision;
        CHECK(row == wanted[i].second);
    }
}

void run(const std::string& path, const std::string& sql) {
    auto database = central_test::AnyDatabase::open({.path = path}).value();
    const auto done = database.execute(sql);
    REQUIRE_MESSAGE(done, done.error().detail);
}

std::string ask(const std::string& path, const std::string& sql) {
    auto database = central_test::AnyDatabase::open({.path = path}).value();
    auto query = database.query(sql);
    REQUIRE(query.next().value());
    return query.string(0);
}

const Spans kFew{1min, 1h};
const Spans kMany{1min, 15min, 1h, 24h};

}  // namespace

TEST_CASE("windows of a length that comes anew have the history of shorter ones") {
    Place place;
    place.open(kFew);
    place.count(kFew, 10, 200);
    place.count(kFew, 1'500, 1'530);
    const auto quarters = place.windows(15min);  // Merged at each question.
    const auto days = place.windows(24h);
    REQUIRE(quarters.size() == 17);
    REQUIRE(days.size() == 2);
    place.open(kMany);
    CHECK(ask(place.path(), "SELECT count(*) FROM rollup_15m") == "17");
    check_same(place.windows(15min), quarters);
    check_same(place.windows(24h), days);
    CHECK(days[0].second.quantile(1) == 200);
}

TEST_CASE("windows of a length that was given up are used no longer, and made anew if it returns") {
    Place place;
    place.open(kMany);
    place.count(kMany, 0, 20);
    place.open(kFew);
    place.count(kFew, 21, 40);
    const auto quarters = place.windows(15min);
    REQUIRE(quarters.size() == 3);
    CHECK(quarters[1].second.summary.count == 30);
    place.open(kMany);
    check_same(place.windows(15min), quarters);
}

TEST_CASE("a length shorter than all others begins without a history") {
    Place place;
    place.open(kFew);
    place.count(kFew, 0, 5);
    place.open({10s, 1min, 1h});
    CHECK(place.windows(10s).empty());
    CHECK(place.windows(1min).size() == 6);
}

TEST_CASE(
    "a database of the version before gets the new columns, and refuses what it cannot know") {
    Place place;
    place.open(kFew);
    place.count(kFew, 0, 120);
    place.close();
    for (const std::string table : {"rollup_1m", "rollup_1h"}) {
        for (const std::string column : {"sketch", "p50", "p90", "p99"}) {
            if (table == "rollup_1h") run(place.path(), "DROP VIEW IF EXISTS v_hourly");
            run(place.path(), "ALTER TABLE " + table + " DROP COLUMN " + column);
        }
    }
    run(place.path(), "DELETE FROM meta WHERE name = 'windows';" + central_test::older(2));
    place.open(kMany);
    const auto days = place.windows(24h);
    REQUIRE(days.size() == 1);
    CHECK(days[0].second.summary.count == 242);
    CHECK_FALSE(days[0].second.quantile(0.5));
    CHECK(place.windows(15min).size() == 9);
    CHECK(ask(place.path(), "SELECT p50 IS NULL FROM v_hourly") == "1");
}

TEST_CASE("a window's quantiles are columns of its row and of the views") {
    Place place;
    place.open(kMany);
    place.count(kMany, 0, 30);
    CHECK(ask(place.path(),
              "SELECT p50 BETWEEN 28 AND 51 AND p99 BETWEEN 49.5 AND 50 FROM v_daily") == "1");
    CHECK(ask(place.path(), "SELECT day FROM v_daily") == "1970-01-01T00:00:00Z");
}

TEST_CASE(
    "a distribution that somebody spoilt gives no quantiles, and the rest of the row counts") {
    Place place;
    place.open(kMany);
    place.count(kMany, 0, 0);
    place.close();
    run(place.path(), "UPDATE rollup_1h SET sketch = 'spoilt'");
    const auto hours = place.windows(1h);
    REQUIRE(hours.size() == 1);
    CHECK(hours[0].second.summary.count == 2);
    CHECK_FALSE(hours[0].second.sketch);
}

TEST_CASE("windows that are given up go in steps, with the reasons of their failures") {
    Place place;
    place.open(kMany);
    place.count(kMany, 0, 119);
    REQUIRE(place.sink().give_up(1min, at(100 * 60'000)));
    CHECK(place.sink().memory().kept_from(1min).value() == at(100 * 60'000));
    CHECK_FALSE(place.sink().memory().kept_from(15min).value());
    std::int64_t series = 0;
    int steps = 0;
    for (; steps < 20; ++steps) {
        const auto removed = place.sink().remove_windows(1min, series, 30);
        REQUIRE(removed);
        series = removed.value().series;
        if (removed.value().windows < 30) break;
    }
    CHECK(steps > 2);
    CHECK(place.windows(1min).size() == 20);
    CHECK(ask(place.path(), "SELECT count(*) FROM failed_1m WHERE start < 6000000") == "0");
    CHECK(place.windows(15min).size() == 8);
}

TEST_CASE("what was given up stays so after a restart, and never comes back") {
    Place place;
    place.open(kMany);
    place.count(kMany, 0, 59);
    REQUIRE(place.sink().give_up(1min, at(1'800'000)));
    REQUIRE(place.sink().give_up(1min, at(900'000)));
    place.open(kMany);
    CHECK(place.sink().memory().kept_from(1min).value() == at(1'800'000));
    CHECK(place.spans().at(0).kept_from == at(1'800'000));
    CHECK_FALSE(place.spans().at(1).kept_from);
}

TEST_CASE("windows that are merged reach back as far as all of theirs are kept") {
    Place place;
    place.open(kFew);
    place.count(kFew, 0, 119);
    REQUIRE(place.sink().give_up(1min, at(20 * 60'000)));
    CHECK(sinks::source_of(5min, place.spans())->kept_from == at(20 * 60'000));
    CHECK(sinks::source_of(15min, place.spans())->kept_from == at(30 * 60'000));
    CHECK_FALSE(sinks::source_of(24h, place.spans())->kept_from);
    CHECK_FALSE(sinks::source_of(30s, place.spans()));
}

TEST_CASE("a length that comes anew is whole from where its shorter ones are kept") {
    Place place;
    place.open(kFew);
    place.count(kFew, 0, 119);
    REQUIRE(place.sink().give_up(1min, at(20 * 60'000)));
    REQUIRE(place.sink().remove_windows(1min, 0, 1'000));
    place.open(kMany);
    CHECK(place.sink().memory().kept_from(15min).value() == at(30 * 60'000));
    CHECK_FALSE(place.sink().memory().kept_from(24h).value());
    place.open(kFew);
    place.open({1min, 1h});
    CHECK(place.sink().memory().kept_from(1min).value() == at(20 * 60'000));
}
