// Goal: what docs/schema.md says can be asked can be asked, with an answer, and no table or view is
// missing in it.
#include <doctest/doctest.h>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "base/counters.hpp"
#include "central/database/any_database.hpp"
#include "central/database/place.hpp"
#include "central/engine/engine.hpp"
#include "central/judging/judge.hpp"
#include "central/sinks/database_query.hpp"
#include "central/sinks/opening.hpp"
#include "places.hpp"
#include "support/temporary_folder.hpp"
#include "wire/record.hpp"

namespace {

using namespace std::chrono_literals;

std::string document() {
    std::ifstream in{places::source("docs/schema.md")};
    std::stringstream text;
    text << in.rdbuf();
    REQUIRE(text.str().size() > 1'000);
    return text.str();
}

/// What stands between ```sql and ```.
std::vector<std::string> queries_in(const std::string& text) {
    std::vector<std::string> queries;
    const std::string begin = "```sql\n";
    for (auto at = text.find(begin); at != std::string::npos; at = text.find(begin, at)) {
        at += begin.size();
        const auto end = text.find("```", at);
        queries.push_back(text.substr(at, end - at));
        at = end;
    }
    return queries;
}

/// A node that measured every minute of the last three days, with a day of holes in the middle of
/// which it evicted records, a door, and readings that failed or were too warm.
class House {
  public:
    explicit House(const std::string& path) {
        auto opened = sinks::open_sink({.path = central_test::place(path)});
        REQUIRE(opened);
        sink_ = std::move(opened).value();
        engine::EngineOptions options;
        detect::limits::Rule rule;
        rule.high = 30;
        options.limits = validation::SeriesRules<detect::limits::Rule>{
            {{.match = "*", .quantity = {}, .rule = rule}}};
        engine::Engine engine{options, sink_->memory()};
        fill(engine);
        sinks::Commit step;
        step.changes = engine.take_changes();
        REQUIRE(sink_->commit(step));
        judge(path);
    }

  private:
    void fill(engine::Engine& engine) {
        declare(engine, "climate.temperature", "temperature", "Cel", {});
        declare(engine, "door.open", "contact", "/", 1.0);
        for (base::EventTime at = now_ - 72h; at <= now_; at += 1min) {
            const auto hour = (at - (now_ - 72h)) / 1h;
            if (hour >= 30 && hour < 34) continue;
            const bool is_hot = hour == 60;
            take(engine, at,
                 {{"climate.temperature", is_hot ? 35.0 : 20.0 + static_cast<double>(hour % 5)},
                  {"door.open", hour % 7 == 3 ? 1.0 : 0.0}});
        }
        accept(engine, wire::Gap{.from = 1,
                                 .to = 1,
                                 .readings = 2,
                                 .first = now_ - 40h,
                                 .last = now_ - 39h,
                                 .reason = wire::GapReason::evicted});
        accept(engine, wire::Failed{.at = now_ - 5min,
                                    .clock = wire::ClockState::synced,
                                    .boot = {},
                                    .span = 10s,
                                    .columns = {{.series = "climate.temperature",
                                                 .reason = "checksum",
                                                 .dt_ms = {0},
                                                 .counts = {3}}}});
    }
    void declare(engine::Engine& engine, const std::string& series, const std::string& quantity,
                 const std::string& unit, std::optional<double> resolution) {
        accept(engine, wire::SeriesDeclaration{
                           .series = series,
                           .quantity = quantity,
                           .unit = unit,
                           .driver = "test",
                           .least = {},
                           .most = {},
                           .resolution = resolution,
                           .period = 1min,
                           .situation = wire::Situation{.at = now_ - 72h,
                                                        .clock = wire::ClockState::synced,
                                                        .boot = {},
                                                        .location = "/house/attic",
                                                        .tags = {}}});
    }
    void take(engine::Engine& engine, base::EventTime at,
              const std::vector<std::pair<std::string, double>>& readings) {
        wire::Data data{.at = at, .clock = wire::ClockState::synced, .boot = {}, .columns = {}};
        for (const auto& [series, value] : readings) {
            data.columns.push_back(
                {.series = series, .points = wire::RawColumn{.dt_ms = {0}, .values = {value}}});
        }
        accept(engine, data, at + 1s);
    }
    template <class Body>
    void accept(engine::Engine& engine, const Body& body) {
        accept(engine, body, now_);
    }
    template <class Body>
    void accept(engine::Engine& engine, const Body& body, base::EventTime received) {
        const auto line = wire::encode_record({.body = body, .origin = {}});
        const engine::Arrival arrival{.node = "attic",
                                      .incarnation = {7},
                                      .mark = {.seq = ++seq_, .hash = {}},
                                      .received = received,
                                      .line = line};
        const auto outcome = engine.apply(arrival, wire::decode_record(line));
        REQUIRE(outcome);
        CHECK_MESSAGE(!outcome.value().refused, line);
    }
    void judge(const std::string& path) {
        auto query = sinks::DatabaseQuery::open(central_test::place(path));
        REQUIRE(query);
        base::Counters counters;
        judging::Judge judge{*sink_, *query.value(), counters};
        base::Instant now{};
        for (int i = 0; i < 200; ++i) {
            judge.tick(now);
            now += 2s;
        }
    }

    base::EventTime now_ = std::chrono::floor<std::chrono::minutes>(
        base::SystemClock{}.event_time());  // The views ask what time it is.
    std::unique_ptr<sinks::DatabaseSink> sink_;
    std::uint64_t seq_ = 1;
};

/// How many rows it has; an Error in words when it cannot be run.
std::string outcome_of(central_test::AnyDatabase& database, const std::string& sql) {
    auto query = database.query(sql);
    for (std::uint64_t rows = 0;; ++rows) {
        const auto row = query.next();
        if (!row) return row.error().detail;
        if (!row.value()) return std::to_string(rows) + " rows";
    }
}

}  // namespace

TEST_CASE("every query of the description has an answer, and it names every table and view") {
    const support::TemporaryFolder folder;
    const House house{folder.file("leat.db")};
    auto opened =
        central_test::AnyDatabase::open({.path = folder.file("leat.db"), .is_read_only = true});
    REQUIRE(opened);
    auto database = std::move(opened).value();
    const auto text = document();
    const auto queries = queries_in(text);
    CHECK(queries.size() >= 10);
    for (const auto& sql : queries) {
        INFO(sql);
        const auto outcome = outcome_of(database, sql);
        CHECK_MESSAGE(outcome.ends_with(" rows"), outcome);
        CHECK(outcome != "0 rows");
    }
    auto names = database.tables().value();
    auto views = database.query(
        central_test::is_postgres()
            ? "SELECT viewname::text FROM pg_views WHERE schemaname = current_schema()"
            : "SELECT name FROM sqlite_master WHERE type = 'view'");
    while (views.next().value()) names.push_back(views.string(0));
    CHECK(names.size() > 40);
    for (const auto& name : names) {
        if (name.starts_with("sqlite_")) continue;
        CHECK_MESSAGE(text.find("`" + name + "`") != std::string::npos, name);
    }
}
