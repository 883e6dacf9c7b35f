#include "bench/year.hpp"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <cmath>
#include <utility>

#include "base/counters.hpp"
#include "base/ensure.hpp"
#include "bench/incidents.hpp"
#include "central/judging/judge.hpp"
#include "central/pipeline/pipeline.hpp"
#include "central/sinks/database_query.hpp"
#include "central/sinks/opening.hpp"
#include "central/sinks/tables/readings/months.hpp"
#include "sql/transaction.hpp"
#include "wire/record.hpp"

namespace bench {

namespace {

using namespace std::chrono_literals;

constexpr base::Duration kDay = 24h;
constexpr std::int64_t kMinutes = 1'440;
constexpr std::int64_t kEndMs = 1'763'596'800'000;  // A midnight, UTC.
constexpr std::int64_t kWritten = 3;  // First days that central writes itself; one is copied.
constexpr std::int64_t kCopied = 1;

constexpr std::array<const char*, 4> kNodes{"attic", "barn", "cellar", "office"};

struct Sensor {
    const char* series;
    const char* quantity;
    const char* unit;
    double middle;
    double swing;
};
constexpr std::array<Sensor, 5> kSensors{{{"climate.temperature", "temperature", "Cel", 20, 5},
                                          {"climate.humidity", "humidity", "%RH", 55, 10},
                                          {"air.co2", "co2", "ppm", 600, 200},
                                          {"tank.distance", "distance", "m", 1, 0.5},
                                          {"door.open", "contact", "/", 0, 0}}};
constexpr const char* kFailing = "tank.distance";

/// The same on each day: slow, with some noise, and a door that is open twelve times.
double value_of(const Sensor& sensor, std::size_t place, std::int64_t minute) {
    const auto noise = static_cast<std::int64_t>(place * 31) + minute * 7'919 % 1'013;
    if (sensor.swing == 0) return (minute / 10 + static_cast<std::int64_t>(place)) % 12 == 0;
    const auto phase = 6.283185307 * static_cast<double>(minute) / kMinutes;
    const auto share = std::sin(phase) + static_cast<double>(noise % 100) / 500;
    return std::round((sensor.middle + sensor.swing * share) * 100) / 100;
}

/// A table, its columns, and behind a sign which of them are times.
struct Copied {
    std::string table;
    std::string columns;
    std::string time;  // When a row is.
    bool is_compared;  // Apart from what tells where it came from.
};

const std::string kWindows =
    "series_id, +start, count, sum, sumsq, min, max, first, last, +first_at, +last_at, failed,"
    " late, p50, p90, p99, sketch, state, expected, quality, causes";

std::vector<Copied> copied_tables() {
    std::vector<Copied> tables;
    for (const std::string span : {"1m", "15m", "1h", "1d"}) {
        tables.push_back({"rollup_" + span, kWindows + ", revision", "start", span != "1d"});
        tables.push_back({"failed_" + span, "series_id, +start, reason, readings", "start", true});
    }
    tables.push_back({"reading_block",
                      "series_id, +first_at, lasts, incarnation_id, seq, stored_after, flags,"
                      " count, step, readings",
                      "first_at", false});
    tables.push_back(
        {"stretch", "series_id, +began, +ended, value, last, readings, is_exact", "began", true});
    return tables;
}

/// The columns as they are; or times moved by ?1, other than 0, which stands for none.
std::string listed(std::string columns, bool is_moved) {
    std::string text;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        if (columns[i] != '+') {
            text += columns[i];
            continue;
        }
        const auto end = std::min(columns.find(',', i), columns.size());
        const auto name = columns.substr(i + 1, end - i - 1);
        text += is_moved ? "CASE " + name + " WHEN 0 THEN 0 ELSE " + name + " + ?1 END" : name;
        i = end - 1;
    }
    return text;
}

void ensure(const base::Status& done) {
    ENSURE(done);
}

void execute(sql::Database& database, const std::string& sql) {
    const auto done = database.execute(sql);
    if (!done) fmt::print(stderr, "{}\n{}\n", sql, done.error().detail);
    ENSURE(done);
}

/// A connection that waits as long as it takes.
std::unique_ptr<sql::Database> open(const sinks::Address& address) {
    auto database =
        address.is_server() ? sinks::open_patient(address) : sinks::open_database(address, false);
    ENSURE(database);
    return std::move(database).value();
}

std::int64_t ms(base::EventTime time) {
    return base::to_milliseconds(time);
}

}  // namespace

Year::Year(sinks::Address address, std::int64_t days) : address_(std::move(address)), days_(days) {
    ENSURE(days_ > kWritten + 1);
}

std::vector<std::string> Year::nodes() const {
    return {kNodes.begin(), kNodes.end()};
}

std::vector<std::string> Year::series() const {
    std::vector<std::string> all;
    for (const std::string node : kNodes) {
        for (const auto& sensor : kSensors) all.push_back(node + "/" + sensor.series);
    }
    return all;
}

base::EventTime Year::day(std::int64_t number) const {
    return base::from_milliseconds(kEndMs) + (number - days_) * kDay;
}

void Year::fill() {
    auto sink = sinks::open_sink({.path = address_});
    ENSURE(sink);
    sink_ = std::move(sink).value();
    add_declarations();
    for (std::int64_t number = 0; number < kWritten; ++number) add_day(number);
    write();
    copy_days(*open(address_));
    add_day(days_ - 1);
    write();
    const auto database = open(address_);
    compare_days(*database);
    add_incidents({.from = begin(), .to = end(), .series = series()}, address_, *sink_);
    const bool is_server = address_.is_server();
    // As the server does it in the course of a year; leat does nothing of the kind in SQLite.
    if (is_server) execute(*database, "VACUUM (ANALYZE)");
    execute(*database, is_server ? "CHECKPOINT" : "PRAGMA wal_checkpoint(TRUNCATE)");
}

void Year::add(const std::string& node, std::string line, base::EventTime at) {
    source_.add({.node = node, .seq = ++records_[node], .line = std::move(line), .received = at});
}

void Year::add_declarations() {
    for (const std::string node : kNodes) {
        for (const auto& sensor : kSensors) {
            wire::SeriesDeclaration declared{.series = sensor.series,
                                             .quantity = sensor.quantity,
                                             .unit = sensor.unit,
                                             .driver = "bench",
                                             .least = {},
                                             .most = {},
                                             .resolution = sensor.swing == 0 ? 1 : 0.01,
                                             .period = 1min};
            declared.situation = wire::Situation{.at = day(0),
                                                 .clock = wire::ClockState::synced,
                                                 .boot = {},
                                                 .location = "/house/" + node,
                                                 .tags = {"bench"}};
            add(node, wire::encode_record({.body = declared, .origin = {}}), day(0));
        }
    }
}

void Year::add_day(std::int64_t number) {
    for (std::int64_t minute = 0; minute < kMinutes; ++minute) {
        for (std::size_t place = 0; place < kNodes.size(); ++place) {
            const auto offset = 7s * static_cast<std::int64_t>(place);
            add_minute(kNodes.at(place), place, day(number) + minute * 1min + offset, minute);
        }
    }
}

/// Each reading in a record of its minute, as of a node that sends soon. One sensor fails at times.
void Year::add_minute(const std::string& node, std::size_t place, base::EventTime at,
                      std::int64_t minute) {
    wire::Data data{.at = at, .clock = wire::ClockState::synced, .boot = {}, .columns = {}};
    for (const auto& sensor : kSensors) {
        if (sensor.series == std::string{kFailing} && minute % 97 == 13) continue;
        wire::RawColumn column{.dt_ms = {0}, .values = {value_of(sensor, place, minute)}};
        data.columns.push_back({.series = sensor.series, .points = column});
    }
    add(node, wire::encode_record({.body = data, .origin = {}}), at + 3s);
    if (minute % 97 != 13) return;
    const wire::Failed failed{
        .at = engine::window_start(at, 1min),
        .clock = wire::ClockState::synced,
        .boot = {},
        .span = 1min,
        .columns = {{.series = kFailing, .reason = "no response", .dt_ms = {0}, .counts = {1}}}};
    add(node, wire::encode_record({.body = failed, .origin = {}}), at + 3s);
}

/// What is in the source, by central's own means. Detectors are left out: days that were copied
/// were never seen by them.
void Year::write() {
    base::Counters counters;
    engine::EngineOptions options;
    options.detection = false;
    central::PipelineOptions pace;
    pace.drift = false;
    central::Pipeline pipeline{pace, options, source_, *sink_, counters, 1};
    base::Instant now{1h};
    do {
        now += 1s;
    } while (pipeline.tick(now).more || now < base::Instant{1h} + 10s);
    ENSURE(!pipeline.trouble());
    auto query = sinks::DatabaseQuery::open(address_);
    ENSURE(query);
    judging::Judge judge{*sink_, *query.value(), counters};
    for (int idle = 0; idle < 3;) idle = judge.tick(now += 2s) ? 0 : idle + 1;
}

/// Day by day, as rows would have come; without checks of references, which hold.
void Year::copy_days(sql::Database& database) {
    const bool is_server = database.dialect() == sql::Dialect::postgres;
    execute(database, is_server ? "SET session_replication_role = replica"
                                : "PRAGMA foreign_keys=OFF; PRAGMA synchronous=OFF");
    const auto tables = copied_tables();
    for (const auto& [table, columns, time, is_compared] : tables) {
        execute(database, fmt::format("CREATE TEMP TABLE day_{0} AS SELECT {1} FROM {0} WHERE {2}"
                                      " >= {3} AND {2} < {4}",
                                      table, listed(columns, false), time, ms(day(kCopied)),
                                      ms(day(kCopied + 1))));
    }
    sinks::Months months{database};
    for (auto number = kWritten; number < days_ - 1; ++number) {
        sql::Transaction transaction{database};
        ENSURE(transaction.begun());
        // A day of readings may reach into the next month by some seconds at most.
        ensure(months.cover({.first_at = day(number), .received = day(number)}));
        for (const auto& [table, columns, time, is_compared] : tables) {
            auto query = database.query(
                fmt::format("INSERT INTO {0} ({1}) SELECT {2} FROM day_{0} ORDER BY {3}, series_id",
                            table, listed(columns, false), listed(columns, true), time));
            const auto copied = query.bind(ms(day(number)) - ms(day(kCopied))).run();
            if (!copied) fmt::print(stderr, "{}: {}\n", table, copied.error().detail);
            ENSURE(copied);
        }
        ensure(transaction.commit());
    }
    execute(database, fmt::format("UPDATE judging SET judged_to = {}, again_from = NULL,"
                                  " again_to = NULL",
                                  ms(day(days_ - 1))));
    execute(database, fmt::format("UPDATE dim_series SET readings = readings + {}",
                                  (days_ - 1 - kWritten) * kMinutes));
}

/// Twenty hours of the last day: the judge has seen them to their end.
void Year::compare_days(sql::Database& database) {
    for (const auto& [table, columns, time, is_compared] : copied_tables()) {
        if (!is_compared) continue;
        auto told = columns;
        if (const auto revision = told.find(", revision"); revision != told.npos) {
            told.erase(revision);
        }
        const auto rows = [&](bool is_moved, base::EventTime from) {
            auto values = listed(told, is_moved);
            for (auto sign = values.find("?1"); sign != values.npos; sign = values.find("?1")) {
                values.replace(sign, 2, std::to_string(kDay.count()));
            }
            return fmt::format("SELECT {} FROM {} WHERE {} >= {} AND {} < {}", values, table, time,
                               ms(from), time, ms(from + 20h));
        };
        const auto copied = rows(true, day(days_ - 2));
        const auto written = rows(false, day(days_ - 1));
        const auto both =
            fmt::format("SELECT count(*) FROM ({} INTERSECT {}) AS equal_rows", copied, written);
        const auto all = fmt::format("SELECT count(*) FROM ({}) AS written", written);
        const auto same = database.number(both);
        const auto expected = database.number(all);
        if (!same) fmt::print(stderr, "{}: {}\n", table, same.error().detail);
        ENSURE(same);
        ENSURE(expected);
        fmt::print(stderr, "{}: {} of {} rows of the last day are as those that were copied\n",
                   table, same.value(), expected.value());
        ENSURE(expected.value() > 0);
        ENSURE(same.value() == expected.value());
    }
}

}  // namespace bench
