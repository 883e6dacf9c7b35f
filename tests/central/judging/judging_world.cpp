#include "central/judging/judging_world.hpp"

#include "central/database/any_database.hpp"
#include "central/database/place.hpp"
#include "central/engine/quality/settlement.hpp"
#include "central/sinks/tables/spans.hpp"
#include "central/views/circumstances.hpp"
#include "central/views/window_rows.hpp"
#include "central/views/window_view.hpp"

namespace judging_test {

void World::start() {
    auto opened = sinks::open_sink({.path = central_test::place(path()), .spans = spans});
    REQUIRE_MESSAGE(opened, opened.error().detail);
    sink = std::move(opened).value();
    state = sink->load(0, 1).value().state;
    state.lineage = "origin";
    auto reader = sinks::DatabaseQuery::open(central_test::place(path()));
    REQUIRE(reader);
    query = std::move(reader).value();
    engine::EngineOptions engine_options;
    engine_options.spans = spans;
    engine_options.detection = false;
    engine = std::make_unique<engine::Engine>(engine_options, sink->memory());
    judge = std::make_unique<judging::Judge>(*sink, *query, counters, options);
}

void World::kill() {
    judge.reset();
    engine.reset();
    query.reset();
    sink.reset();
    start();
}

std::uint64_t World::apply(const wire::Record& record, base::EventTime received) {
    const auto line = wire::encode_record(record);
    const auto outcome = engine->apply(arrival(++seq, received, line), wire::decode_record(line));
    REQUIRE(outcome);
    return seq;
}

void World::read(const std::string& series, base::EventTime time, double value) {
    apply({.body =
               wire::Data{.at = time,
                          .clock = wire::ClockState::synced,
                          .boot = {},
                          .columns = {{.series = series, .points = wire::RawColumn{{0}, {value}}}}},
           .origin = {}},
          time);
}

void World::read_between(const std::string& series, base::EventTime from, base::EventTime to,
                         base::Duration period) {
    for (auto time = from; time < to; time += period) read(series, time);
}

void World::fail(const std::string& series, base::EventTime time, std::uint64_t count) {
    const auto start = engine::window_start(time, 10s);
    apply({.body = wire::Failed{.at = start,
                                .clock = wire::ClockState::synced,
                                .boot = {},
                                .span = 10s,
                                .columns = {{.series = series,
                                             .reason = "checksum",
                                             .dt_ms = {0},
                                             .counts = {count}}}},
           .origin = {}},
          time);
}

void World::summarise(const std::string& series, base::EventTime start, base::Duration span,
                      std::uint64_t count, std::int64_t first_ms, std::int64_t last_ms,
                      base::EventTime received) {
    wire::Summary summary;
    for (std::uint64_t i = 0; i < count; ++i) summary.add(20);
    wire::PartialColumn column{.span = span,
                               .dt_ms = {0},
                               .summaries = {summary},
                               .sketches = {},
                               .first_dt_ms = {first_ms},
                               .last_dt_ms = {last_ms}};
    apply({.body = wire::Data{.at = start,
                              .clock = wire::ClockState::synced,
                              .boot = {},
                              .columns = {{.series = series, .points = column}}},
           .origin = {}},
          received);
}

void World::declare(const std::string& series, std::optional<base::Duration> period,
                    bool also_between, base::EventTime received) {
    apply({.body = wire::SeriesDeclaration{.series = series,
                                           .quantity = "temperature",
                                           .unit = "Cel",
                                           .driver = "dht11",
                                           .least = {},
                                           .most = {},
                                           .resolution = {},
                                           .period = period,
                                           .also_between = also_between},
           .origin = {}},
          received);
}

void World::lose(std::uint64_t records, base::EventTime received) {
    const auto from = seq + 1;
    seq += records;
    lose(from, seq, received);
}

void World::lose(std::uint64_t from, std::uint64_t to, base::EventTime received) {
    REQUIRE(engine->declare_lost(arrival(to, received, {}), from));
}

void World::declare_gap(const wire::Gap& gap, base::EventTime received) {
    apply({.body = gap, .origin = {}}, received);
}

void World::commit() {
    write();
    REQUIRE(engine->place(100, 100'000));
    write();
}

void World::write() {
    sinks::Commit step;
    state.cursor = std::to_string(seq) + "-0";
    step.partitions = {state};
    step.changes = engine->take_changes();
    const auto committed = sink->commit(step);
    REQUIRE_MESSAGE(committed, committed.error().detail);
    judge->accept(step.changes);
}

bool World::tick() {
    now += 2s;
    return judge->tick(now);
}

void World::judge_all() {
    int idle = 0;
    for (int steps = 0; idle < 2; ++steps) {
        REQUIRE(steps < 100'000);
        idle = tick() ? 0 : idle + 1;
    }
}

Judgements World::stored(const std::string& series, base::Duration span) {
    auto opened = central_test::AnyDatabase::open({.path = path(), .is_read_only = true});
    REQUIRE(opened);
    auto database = std::move(opened).value();
    const auto name = sinks::span_name(span);
    auto rows =
        database.query("SELECT start, state, expected, quality, causes FROM rollup_" + name +
                       " WHERE series_id = (SELECT id FROM dim_series WHERE name = ?)");
    rows.bind(series);
    Judgements all;
    for (;;) {
        const auto row = rows.next();
        REQUIRE(row);
        if (!row.value()) return all;
        auto& stored = all[rows.time(0)];
        if (!rows.is_null(1)) stored.state = rows.string(1);
        if (!rows.is_null(2)) stored.expected = rows.count(2);
        if (!rows.is_null(3)) stored.quality = rows.number(3);
        if (!rows.is_null(4)) stored.causes = rows.string(4);
    }
}

engine::SeriesRow World::series_row(const std::string& series) {
    const auto rows = query->series("attic");
    REQUIRE(rows);
    for (const auto& row : rows.value()) {
        if (row.declared.series == series) return row;
    }
    return {};
}

Judgements World::answered(const std::string& series, base::Duration span) {
    const auto row = series_row(series);
    const auto node = query->node("attic").value();
    const auto facts = views::facts_of(&*node, nullptr, row, std::nullopt, engine::kWatermarkBound);
    const auto rows = views::read_rows(*query, row, span, at(-400 * 24h), at(400 * 24h), 2'000'000);
    REQUIRE(rows);
    auto gaps = query->gaps("attic", at(-400 * 24h), at(400 * 24h));
    REQUIRE(gaps);
    const auto explaining =
        views::explaining_gaps(*query, "attic", std::move(gaps).value()).value();
    const engine::DeclaredGaps declared{explaining};
    const views::Surroundings surroundings{rows.value()};
    Judgements all;
    for (const auto& [start, window] : rows.value().windows) {
        const auto judged = views::judge_row(row, start, span, window, surroundings,
                                             {.watermark = facts.watermark,
                                              .gaps = declared,
                                              .unplaced = facts.unplaced,
                                              .absence = facts.absence});
        auto& answer = all[start];
        answer.state = views::word(judged.state);
        answer.expected = judged.expected;
        answer.quality = judged.quality;
        if (!judged.causes.empty()) answer.causes = views::causes_text(judged.causes);
    }
    return all;
}

std::size_t World::check(const std::string& series) {
    std::size_t settled = 0;
    const auto row = series_row(series);
    const auto node = query->node("attic").value();
    const auto to = engine::settled_to(row, engine::watermark_of(*node, engine::kWatermarkBound));
    for (const auto span : spans) {
        const auto told = answered(series, span);
        const auto found = stored(series, span);
        REQUIRE(found.size() == told.size());
        for (const auto& [start, answer] : told) {
            const bool is_settled = to && start + span <= *to;
            settled += is_settled ? 1 : 0;
            const auto& want = is_settled ? answer : Stored{};
            INFO(series << " " << sinks::span_name(span) << " "
                        << base::to_milliseconds(start) - kDayMs << " stored "
                        << text(found.at(start)) << " but " << text(want));
            REQUIRE(found.at(start) == want);
            if (is_settled) REQUIRE(answer.state != "provisional");
        }
    }
    return settled;
}

engine::Arrival World::arrival(std::uint64_t number, base::EventTime received,
                               std::string_view line) const {
    return {.node = "attic",
            .incarnation = {1},
            .mark = {.seq = number, .hash = {}},
            .received = received,
            .line = line};
}

}  // namespace judging_test
