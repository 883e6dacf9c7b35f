#include "central/plans/aged_world.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <array>
#include <chrono>
#include <utility>

#include "central/api/answers.hpp"
#include "central/judging/judge.hpp"
#include "central/pipeline/pipeline.hpp"
#include "central/sinks/opening.hpp"
#include "sql/transaction.hpp"
#include "wire/record.hpp"

namespace plans_test {

namespace {

using namespace std::chrono_literals;

constexpr std::int64_t kNowMs = 1'763'596'800'000;  // A midnight, UTC.
constexpr std::int64_t kPiece = 720;                // Divides the windows of every world.
constexpr std::array<const char*, 4> kNodes{"attic", "barn", "cellar", "office"};
constexpr std::array<const char*, 3> kSeries{"a.temperature", "b.temperature", "door.open"};
constexpr int kAsked = 8;  // The server plans anew up to five times.

// Without a reading: the more there are, the more a planner thinks of reading all windows at once.
constexpr const char* kQuietSeries =
    "INSERT INTO dim_series (node_id, name, quantity, unit, driver, last_value, readings)"
    " WITH RECURSIVE quiet (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM quiet WHERE n < 300)"
    " SELECT 1, 'quiet.c' || n, 'pressure', 'Pa', 'test', 0, 0 FROM quiet";

base::EventTime at(std::int64_t minute) {
    return base::from_milliseconds(kNowMs) + minute * 1min;
}

std::int64_t ms(std::int64_t minute) {
    return base::to_milliseconds(at(minute));
}

void execute(sql::Database& database, const std::string& sql) {
    const auto done = database.execute(sql);
    REQUIRE_MESSAGE(done, sql, ": ", done.error().detail);
}

std::unique_ptr<sql::Database> open(const sinks::Address& address) {
    auto database = sinks::open_database(address, false);
    REQUIRE_MESSAGE(database, database.error().detail);
    return std::move(database).value();
}

/// But for the newest hour of the shorter windows, and an hour before that, which is due again.
void judge_up_to_now(sql::Database& database) {
    execute(database, "DELETE FROM judging");
    execute(database,
            fmt::format("INSERT INTO judging (series_id, span, judged_to, again_from, again_to)"
                        " SELECT id, span, {}, {}, {} FROM dim_series CROSS JOIN"
                        " (SELECT 60000 AS span UNION SELECT 900000 UNION SELECT 3600000) AS spans",
                        ms(-60), ms(-180), ms(-120)));
    execute(database, fmt::format("INSERT INTO judging (series_id, span, judged_to)"
                                  " SELECT id, 86400000, {} FROM dim_series",
                                  ms(0)));
}

/// The last node was away for so long, while the others went on.
void take_away(sql::Database& database, std::int64_t minutes) {
    const std::string node = kNodes.back();
    for (const auto* table : {"failed_1m", "rollup_1m", "failed_15m", "rollup_15m", "failed_1h",
                              "rollup_1h", "failed_1d", "rollup_1d"}) {
        execute(database, fmt::format("DELETE FROM {} WHERE start > {} AND series_id IN"
                                      " (SELECT dim_series.id FROM dim_series JOIN dim_node"
                                      " ON dim_node.id = node_id WHERE dim_node.name = '{}')",
                                      table, ms(-minutes), node));
    }
    execute(database,
            fmt::format("UPDATE dim_node SET newest = {} WHERE name = '{}'", ms(-minutes), node));
}

std::unique_ptr<sinks::DatabaseSink> open_sink(const sinks::Address& address) {
    auto sink = sinks::open_sink({.path = address});
    REQUIRE_MESSAGE(sink, sink.error().detail);
    REQUIRE(sink.value()->load(0, 16));
    return std::move(sink).value();
}

}  // namespace

AgedWorld::AgedWorld(sinks::Address address, std::int64_t windows)
    : address_(std::move(address)), windows_(windows) {
    for (const std::string node : kNodes) {
        for (const std::string name : kSeries) {
            const bool is_state = name == "door.open";
            const wire::SeriesDeclaration declared{.series = name,
                                                   .quantity = is_state ? "contact" : "temperature",
                                                   .unit = is_state ? "/" : "Cel",
                                                   .driver = "test",
                                                   .least = {},
                                                   .most = {},
                                                   .resolution = 1,
                                                   .period = 1min};
            source_.add({.node = node,
                         .seq = ++records_[node],
                         .line = wire::encode_record({.body = declared, .origin = {}}),
                         .received = at(0)});
        }
    }
    add_lines(0, 1);
    count_all();
    grow();
    settle();
}

void AgedWorld::add_lines(std::int64_t from_minute, std::int64_t minutes) {
    for (auto minute = from_minute; minute < from_minute + minutes; ++minute) {
        for (const std::string node : kNodes) {
            wire::Data data{
                .at = at(minute), .clock = wire::ClockState::synced, .boot = {}, .columns = {}};
            for (const std::string name : kSeries) {
                const wire::RawColumn column{.dt_ms = {0}, .values = {1}};
                data.columns.push_back({.series = name, .points = column});
            }
            source_.add({.node = node,
                         .seq = ++records_[node],
                         .line = wire::encode_record({.body = data, .origin = {}}),
                         .received = at(minute) + 3s});
        }
    }
}

void AgedWorld::count_all() {
    const auto sink = open_sink(address_);
    base::Counters counters;
    central::Pipeline pipeline{{}, {}, source_, *sink, counters, 1};
    for (base::Instant now{1h}; now < base::Instant{1h} + 10s; now += 1s) pipeline.tick(now);
    REQUIRE_FALSE(pipeline.trouble());
}

/// Rows as the sink writes them, in the order in which they would have come: one of each n minutes,
/// hours and so on before the midnight.
void AgedWorld::grow() {
    const auto database = open(address_);
    sql::Transaction transaction{*database};
    REQUIRE(transaction.begun());
    const auto add = [&](const std::string& table, const std::string& values,
                         const std::string& of) {
        // In pieces: a server gives up what takes it seconds.
        for (auto first = windows_; first > 0; first -= kPiece) {
            execute(*database, fmt::format("INSERT INTO {} WITH RECURSIVE past (n) AS"
                                           " (SELECT CAST({} AS BIGINT) UNION ALL"
                                           " SELECT n - 1 FROM past WHERE n > {})"
                                           " SELECT {} FROM past CROSS JOIN {} ORDER BY n DESC, 1",
                                           table, first, first - kPiece + 1, values, of));
        }
    };
    for (const auto& [span, length] :
         {std::pair{"1m", 60'000}, {"15m", 900'000}, {"1h", 3'600'000}, {"1d", 86'400'000}}) {
        const auto start = fmt::format("{} - n * {}", kNowMs, length);
        add(fmt::format("rollup_{} (series_id, start, count, sum, sumsq, min, max, first, last,"
                        " first_at, last_at, failed, late, revision)",
                        span),
            fmt::format("id, {0}, 1, 1, 1, 1, 1, 1, 1, {0}, {0}, 0, 0, 1", start), "dim_series");
        add(fmt::format("failed_{} (series_id, start, reason, readings)", span),
            fmt::format("id, {}, 'no response', 1", start), "dim_series WHERE n % 10 = 0");
    }
    const auto begun = fmt::format("{} - n * 60000", kNowMs);
    add("reading_block (series_id, first_at, lasts, incarnation_id, seq, stored_after, flags,"
        " count, step, readings)",
        fmt::format("dim_series.id, {}, 0, incarnation.id, n, 3000, 0, 1, 0, '[1]'", begun),
        "dim_series JOIN incarnation USING (node_id)");
    add("stretch (series_id, began, ended, value, last, readings, is_exact)",
        fmt::format("id, {0}, {0}, n % 2, n % 2, 1, 1", begun), "dim_series WHERE unit = '/'");
    add("finding (series_id, code, severity, began, held, ended, at, value, score, times, sentence,"
        " parameters)",
        fmt::format("id, 'odd', 'warning', {0}, {0}, {0}, {0}, 1, 1, 1, '', '{{}}'", begun),
        "dim_series WHERE n % 10 = 0");
    add("gap (node_id, incarnation, from_seq, to_seq, reason, first_at, last_at)",
        fmt::format("id, '0000000000000002', {0} - n, {0} - n, 'lost', {1} - n * 3600000,"
                    " {1} - n * 3600000",
                    windows_, kNowMs),
        "dim_node WHERE n % 10 = 0");
    execute(*database, fmt::format("UPDATE dim_series SET first_at = {}", ms(-windows_)));
    execute(*database, kQuietSeries);
    take_away(*database, windows_ - 90);
    judge_up_to_now(*database);
    REQUIRE(transaction.commit());
}

/// As a server does it by itself in the course of time. SQLite is left as it is.
void AgedWorld::settle() {
    if (address_.is_server()) execute(*open(address_), "VACUUM (ANALYZE)");
}

void AgedWorld::ask() {
    api_test::Answers answers{address_, at(1)};
    const auto from = fmt::format("from={}&to={}", ms(-180), ms(0));
    for (int i = 0; i < kAsked; ++i) {
        const std::string node = kNodes.at(static_cast<std::size_t>(i) % kNodes.size());
        const std::string name = kSeries.at(static_cast<std::size_t>(i / 4) % 2);
        const auto series = "/api/v1/series/" + node + "%2F" + name;
        const auto windows = "/api/v1/windows?series=" + node + "/" + name + "&" + from;
        const std::vector<std::string> targets{
            "/api/v1/nodes",
            "/api/v1/series",
            "/api/v1/series?node=" + node,
            windows + "&span=1m",
            windows + "&points=1000&band=1",
            windows + "&span=15m&quantiles=p50,p99",
            windows + "&span=1h&rate=1",
            "/api/v1/windows?group=all&quantity=temperature&span=15m&" + from,
            series + "/readings?limit=100&" + from,
            series + "/readings?" + from,
            series + "/statistics",
            "/api/v1/visits?limit=5&series=" + node + "/door.open&" + from,
            "/api/v1/anomalies?limit=5",
            "/api/v1/anomalies?state=open",
            "/api/v1/alerts?limit=5",
            "/api/v1/jobs?limit=5",
        };
        for (const auto& target : targets) {
            auto response = answers.get(target);
            REQUIRE_MESSAGE(response.status == 200, target, ": ", response.body);
            while (response.stream && !response.stream->next().empty()) continue;
        }
    }
}

void AgedWorld::remove() {
    const auto sink = open_sink(address_);
    REQUIRE(sink->give_up(1min, at(60 - windows_)));
    CHECK(remove_windows(*sink) == 60 * kNodes.size() * kSeries.size());
    CHECK(remove_readings(*sink) == 60 * kNodes.size() * kSeries.size());
}

void AgedWorld::find_nothing_to_remove() {
    const auto sink = open_sink(address_);
    for (int i = 0; i < 2 * kAsked; ++i) {
        CHECK(remove_windows(*sink) == 0);
        CHECK(remove_readings(*sink) == 0);
        CHECK(sink->kept_quantities());
        CHECK(sink->newest_arrival());
    }
}

std::uint64_t AgedWorld::remove_windows(sinks::DatabaseSink& sink) const {
    std::uint64_t windows = 0;
    for (std::int64_t series = 0;;) {
        const auto removed = sink.remove_windows(1min, series, 100);
        REQUIRE_MESSAGE(removed, removed.error().detail);
        if (removed.value().windows == 0) return windows;
        windows += removed.value().windows;
        series = removed.value().series;
    }
}

std::uint64_t AgedWorld::remove_readings(sinks::DatabaseSink& sink) const {
    std::uint64_t blocks = 0;
    const auto all = sink.kept_series(0, 1'000);
    REQUIRE(all);
    for (const auto& series : all.value()) {
        const auto removed =
            sink.remove({{.series = series.id, .before = at(60 - windows_), .now = at(1)}}, 200);
        REQUIRE_MESSAGE(removed, removed.error().detail);
        blocks += removed.value().blocks;
    }
    return blocks;
}

void AgedWorld::judge() {
    const auto sink = open_sink(address_);
    auto query = sinks::DatabaseQuery::open(address_);
    REQUIRE(query);
    base::Counters counters;
    judging::Judge judge{*sink, *query.value(), counters};
    base::Instant now{1h};
    for (int idle = 0; idle < 3;) idle = judge.tick(now += 2s) ? 0 : idle + 1;
    CHECK(counters.value("leat_central_judged_windows_total") > 0);
}

void AgedWorld::count() {
    add_lines(1, 10);
    count_all();
}

}  // namespace plans_test
