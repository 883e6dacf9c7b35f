// What a node costs: the real leat-agent against a real broker, bridge, Redis and central; and how
// long a committed record takes until it is in a window.

#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>

#include "bench/figures.hpp"
#include "broker/paho_connection.hpp"
#include "central/sinks/database_query.hpp"
#include "delivery/outbox/sqlite_outbox.hpp"
#include "delivery/uplink/uplink.hpp"
#include "line/running_line.hpp"
#include "wire/batch.hpp"
#include "wire/record.hpp"
#include "wire/topic.hpp"

namespace {

using namespace std::chrono_literals;

constexpr double kSeconds = 60;
constexpr std::size_t kLatencyRecords = 300;

broker::PahoOptions broker_options(const std::string& broker, const std::string& client,
                                   const std::string& filter) {
    broker::PahoOptions options;
    options.address = broker;
    options.client_id = client;
    options.subscriptions = {{.filter = filter, .qos = 1}};
    return options;
}

struct Payloads {
    std::uint64_t bytes = 0;
    std::uint64_t readings = 0;
};

void count(const broker::Message& message, Payloads& seen) {
    seen.bytes += message.payload.size();
    const auto batch = wire::decode_batch(message.payload);
    if (!batch) return;
    for (const auto line : batch.value().lines) {
        const auto record = wire::decode_record(line);
        if (!record) continue;
        if (const auto* data = std::get_if<wire::Data>(&record.value().body)) {
            seen.readings += data->readings();
        }
    }
}

/// The agent alone with a simulated room at 10 readings a second (4 quantities every 400 ms).
void measure_agent() {
    line::RunningLine running{
        {.bridges = 1,
         .nodes = {{"attic",
                    "[[sensor]]\nname = \"room\"\ndriver = \"simulator\"\nperiod = \"400ms\"\n"}},
         .flush = "2s"}};
    const base::SystemClock clock;
    broker::PahoConnection tap{
        broker_options(running.mosquitto().url(), "tap", wire::Topics{}.data("attic")), 1};
    const auto pid = running.pid("attic");
    base::pause_for(3s);  // Start-up is not the steady state.
    const auto cpu = bench::processor_seconds(pid);
    const auto written = bench::written_bytes(pid);
    Payloads seen;
    const bench::Stopwatch watch;
    while (watch.seconds() < kSeconds) {
        tap.tick(clock.instant());
        while (auto message = tap.take()) count(*message, seen);
        base::pause_for(10ms);
    }
    const auto readings = static_cast<double>(std::max<std::uint64_t>(seen.readings, 1));
    fmt::print("| {:<58} | {:>14} | {:<12} |\n", "agent, 10 readings/s, flush 2 s", "", "");
    bench::report("  rate", readings / watch.seconds(), "readings/s");
    bench::report("  resident", static_cast<double>(bench::resident_kib(pid)) / 1024, "MiB");
    bench::report("  processor", (bench::processor_seconds(pid) - cpu) / watch.seconds() * 100,
                  "% of a core");
    bench::report("  written to disk",
                  static_cast<double>(bench::written_bytes(pid) - written) / readings, "B/reading");
    bench::report("  on the wire (MQTT payload)", static_cast<double>(seen.bytes) / readings,
                  "B/reading");
}

std::string make_line(double value, base::EventTime at) {
    return wire::encode_record(
        {.body = wire::Data{.at = at,
                            .clock = {},
                            .boot = {},
                            .columns = {{.series = "bench.value",
                                         .points = wire::RawColumn{{0}, {value}}}}},
         .origin = {}});
}

/// The node's applied mark, from central's database.
std::uint64_t applied(sinks::Query& query, const std::string& node) {
    const auto rows = query.nodes();
    if (!rows) return 0;
    for (const auto& row : rows.value()) {
        if (row.node == node) return row.applied.seq;
    }
    return 0;
}

/// The time from the return of the outbox's commit until the row is in central's database, for one
/// record at a time, with the agent's own loop of 20 ms.
void measure_latency() {
    line::RunningLine running{{.bridges = 1, .nodes = {}}};
    const support::TemporaryFolder folder;
    delivery::SqliteOutboxOptions outbox_options;
    outbox_options.path = folder.file("outbox.db");
    outbox_options.node = "clocked";
    auto outbox = delivery::SqliteOutbox::open(outbox_options);
    const base::SystemClock clock;
    base::Counters counters;
    broker::PahoConnection connection{
        broker_options(running.mosquitto().url(), "clocked", wire::Topics{}.ack("clocked")), 1};
    delivery::UplinkOptions options;
    options.node = "clocked";
    options.data_topic = wire::Topics{}.data("clocked");
    delivery::Uplink uplink{options, *outbox.value(), connection, clock, counters, 1};
    while (!std::ifstream(running.database().text())) base::pause_for(20ms);
    auto query = sinks::DatabaseQuery::open(running.database());
    std::vector<double> milliseconds;
    for (std::uint64_t seq = 1; seq <= kLatencyRecords; ++seq) {
        const auto line = make_line(static_cast<double>(seq), clock.event_time());
        if (!outbox.value()->append({.lines = {line}, .contents = {{}}, .positions = {}})) return;
        const bench::Stopwatch watch;
        base::Instant next_tick{};
        while (applied(*query.value(), "clocked") < seq && watch.seconds() < 30) {
            const auto now = clock.instant();
            if (now >= next_tick) {
                connection.tick(now);
                while (auto message = connection.take()) uplink.on_ack(message->payload, now);
                uplink.tick(now);
                next_tick = now + 20ms;
            }
            base::pause_for(1ms);
        }
        if (seq > 20) milliseconds.push_back(watch.seconds() * 1000);
        base::pause_for(base::Duration{static_cast<std::int64_t>(seq * 7 % 40)});
    }
    fmt::print("| {:<58} | {:>14} | {:<12} |\n", "end to end, from commit to window, one record",
               "", "");
    bench::report("  p50", bench::percentile(milliseconds, 0.5), "ms");
    bench::report("  p99", bench::percentile(milliseconds, 0.99), "ms");
}

}  // namespace

int main() {
    measure_agent();
    measure_latency();
    return EXIT_SUCCESS;
}
