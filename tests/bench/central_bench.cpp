// How many readings central counts a second on one core: from record lines to committed rows in
// the database; the decoding alone; and decoding with the engine. Run it on a release build. TMPDIR
// is the folder for the database, or for the cluster with LEAT_TEST_DATABASE=postgresql.
#include <fmt/core.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "bench/figures.hpp"
#include "central/database/place.hpp"
#include "central/engine/engine.hpp"
#include "central/engine/no_memory.hpp"
#include "central/ingest/made_source.hpp"
#include "central/pipeline/pipeline.hpp"
#include "central/sinks/opening.hpp"
#include "postgres/database.hpp"
#include "support/temporary_folder.hpp"
#include "wire/record.hpp"

namespace {

using namespace std::chrono_literals;
using ingest_test::MadeSource;

struct Load {
    const char* name;
    std::size_t readings;  // In a record.
    std::size_t series;    // In a record.
    std::int64_t period_ms;
    std::size_t records;  // Of each node.
    std::size_t nodes = 32;
    bool keeps_singles = false;
};

constexpr Load kLoads[] = {
    {"600 readings a record, 2 series at 20 Hz", 600, 2, 50, 60},
    {"600 readings a record, 10 series at 1 Hz", 600, 10, 1'000, 60},
    {"100 readings a record, 10 series at 1 Hz", 100, 10, 1'000, 300},
    {"20 readings a record, 4 series at 1 Hz", 20, 4, 1'000, 1'000},
    {"100 readings a record, 1 000 series", 100, 10, 1'000, 300, 100},
    {"100 readings a record, 1 000 series, single readings", 100, 10, 1'000, 300, 100, true},
    {"100 readings a record, 10 000 series", 100, 10, 1'000, 30, 1'000},
    {"100 readings a record, 10 000 series, single readings", 100, 10, 1'000, 30, 1'000, true},
};

std::string line_of(const Load& load, std::size_t record) {
    const auto each = load.readings / load.series;
    const auto length = static_cast<std::int64_t>(each) * load.period_ms;
    wire::Data data{.at = base::from_milliseconds(1'763'640'000'000 +
                                                  static_cast<std::int64_t>(record) * length),
                    .clock = wire::ClockState::synced,
                    .boot = {},
                    .columns = {}};
    for (std::size_t s = 0; s < load.series; ++s) {
        wire::RawColumn column;
        for (std::size_t i = 0; i < each; ++i) {
            column.dt_ms.push_back(static_cast<std::int64_t>(i) * load.period_ms);
            column.values.push_back(static_cast<double>((i * 37 + s * 11 + record) % 400) / 10);
        }
        data.columns.push_back({.series = fmt::format("sensor{}.value", s), .points = column});
    }
    return wire::encode_record({.body = data, .origin = {}});
}

/// All records of all nodes, interleaved as they would arrive.
MadeSource source_of(const Load& load) {
    MadeSource source;
    for (std::size_t record = 0; record < load.records; ++record) {
        const auto line = line_of(load, record);
        for (std::size_t n = 0; n < load.nodes; ++n) {
            source.add({.node = fmt::format("node-{}", n),
                        .seq = record + 1,
                        .line = line,
                        .received = base::from_milliseconds(1'763'700'000'000)});
        }
    }
    return source;
}

double decode_all(const MadeSource& source) {
    const bench::Stopwatch watch;
    for (const auto& [partition, stream] : source.streams()) {
        for (const auto& entry : stream) ENSURE(wire::decode_record(entry.line));
    }
    return watch.seconds();
}

/// A rule of each kind that looks at every reading, for every series; all readings pass.
engine::EngineOptions ruled() {
    validation::Rule rule;
    rule.least = -40;
    rule.most = 60;
    rule.step = 100;
    rule.not_before = base::from_milliseconds(1'700'000'000'000);
    rule.ahead = base::Duration{1h};
    engine::EngineOptions options;
    options.rules = validation::Rules{{{.match = "*/sensor*.value", .quantity = {}, .rule = rule}}};
    return options;
}

double decode_and_fold_all(const MadeSource& source, const engine::EngineOptions& options) {
    engine_test::NoMemory memory;
    engine::Engine engine{options, memory};
    const bench::Stopwatch watch;
    for (const auto& [partition, stream] : source.streams()) {
        for (const auto& entry : stream) {
            const engine::Arrival arrival{.node = entry.node,
                                          .incarnation = entry.incarnation,
                                          .mark = {.seq = entry.seq, .hash = entry.hash},
                                          .received = entry.received,
                                          .line = entry.line};
            ENSURE(engine.apply(arrival, wire::decode_record(entry.line)));
        }
        engine.take_changes();
    }
    return watch.seconds();
}

/// A file; or a schema of a server that, as in service, has on the disk what it committed.
sinks::Address place_of(const support::TemporaryFolder& folder) {
    if (!central_test::is_postgres()) return folder.file("leat.db");
    static const support::PostgresServer server{{.is_durable = true}};
    static int loads = 0;
    const auto name = fmt::format("load_{}", ++loads);
    auto database = postgres::open({.place = server.uri()});
    ENSURE(database);
    ENSURE(database.value()->execute("CREATE SCHEMA " + name));
    return sinks::Address::server(server.uri(name));
}

void measure(const Load& load) {
    auto source = source_of(load);
    const auto readings = static_cast<double>(load.nodes * load.records * load.readings);
    fmt::print("{}\n", load.name);
    bench::report("decoded", readings / decode_all(source), "readings/s");
    bench::report("decoded and folded", readings / decode_and_fold_all(source, {}), "readings/s");
    bench::report("decoded, judged by rules and folded",
                  readings / decode_and_fold_all(source, ruled()), "readings/s");

    const support::TemporaryFolder folder;
    auto sink = sinks::open_sink({.path = place_of(folder)});
    ENSURE(sink);
    base::Counters counters;
    engine::EngineOptions options;
    options.singles.is_default_kept = load.keeps_singles;
    central::Pipeline pipeline{{}, options, source, *sink.value(), counters, 1};
    const bench::Stopwatch watch;
    const auto before = bench::processor_seconds(::getpid());
    base::Instant now{1h};
    while (counters.value("leat_central_readings_total") < readings) pipeline.tick(now += 1ms);
    const auto seconds = watch.seconds();
    const auto processor = bench::processor_seconds(::getpid()) - before;
    bench::report("committed", readings / seconds, "readings/s");
    bench::report("committed, per second of processor", readings / processor, "readings/s");
    bench::report("commits", counters.value("leat_central_commits_total"), "");
    bench::report("rows written", counters.value("leat_central_rows_total"), "");
}

}  // namespace

int main() {
    for (const auto& load : kLoads) measure(load);
}
