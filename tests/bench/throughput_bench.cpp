// Throughput: synthetic nodes → real Mosquitto → real leat-bridge → real Redis (fsync before
// every answer) → real leat-central → SQLite. Everything runs on this machine, the senders
// included.

#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>

#include "base/json.hpp"
#include "bench/figures.hpp"
#include "bench/synthetic_node.hpp"
#include "broker/paho_connection.hpp"
#include "line/running_line.hpp"

namespace {

using namespace std::chrono_literals;

struct Load {
    const char* name;
    std::size_t nodes;
    std::size_t batches;
    std::size_t records_per_batch;
    std::size_t readings_per_record;
};

constexpr Load kLoads[] = {
    {"catching up: 8 records of 600 readings a message", 16, 40, 8, 600},
    {"busy: 4 records of 100 readings a message", 16, 200, 4, 100},
    {"quiet: 1 record of 10 readings a message", 16, 500, 1, 10},
};

struct Totals {
    double seconds = 0;
    std::uint64_t messages = 0;
    std::uint64_t readings = 0;
};

/// Until all is durable.
Totals send_all(std::vector<bench::SyntheticNode>& nodes, const std::string& broker) {
    broker::PahoOptions options;
    options.address = broker;
    options.client_id = "bench";
    std::map<std::string, bench::SyntheticNode*> by_topic;
    for (auto& node : nodes) {
        options.subscriptions.push_back({.filter = node.ack_topic(), .qos = 1});
        by_topic[node.ack_topic()] = &node;
    }
    options.incoming_max = 10'000;
    broker::PahoConnection connection{options, 1};
    const base::SystemClock clock;
    while (connection.session() == 0) {
        connection.tick(clock.instant());
        base::pause_for(1ms);
    }
    Totals totals;
    const bench::Stopwatch watch;
    for (bool done = false; !done;) {
        const auto now = clock.instant();
        connection.tick(now);
        while (auto message = connection.take())
            by_topic.at(message->topic)->hear(message->payload, now);
        done = true;
        for (auto& node : nodes) {
            node.resend_after(2s, now);
            node.send(connection, now);
            done = done && node.done();
        }
        if (connection.in_flight() > 0) base::pause_for(base::Duration{0});
    }
    totals.seconds = watch.seconds();
    for (const auto& node : nodes) {
        totals.messages += node.messages();
        totals.readings += node.readings();
    }
    return totals;
}

std::uint64_t committed(const line::RunningLine& running) {
    const auto json =
        base::parse_json(running.get("/api/v1/series?limit=1000"), {.bytes_max = 1U << 20U});
    std::uint64_t total = 0;
    if (!json || json.value().find("items") == nullptr) return 0;
    for (const auto& item : json.value().find("items")->array) {
        if (const auto* readings = item.find("readings")) total += readings->count();
    }
    return total;
}

std::vector<bench::SyntheticNode> nodes_of(const Load& load, base::Duration between = {}) {
    std::vector<bench::SyntheticNode> nodes;
    for (std::size_t i = 0; i < load.nodes; ++i) {
        nodes.emplace_back(bench::SyntheticOptions{.name = fmt::format("bench-{}", i),
                                                   .batches = load.batches,
                                                   .records_per_batch = load.records_per_batch,
                                                   .readings_per_record = load.readings_per_record,
                                                   .between = between});
    }
    return nodes;
}

/// The whole line at so many messages a second: how long until a node hears that a message is
/// applied, which it does with the acknowledgement of a later one.
void measure_delay(const Load& load, double messages_a_second) {
    const auto seconds = static_cast<double>(load.nodes) / messages_a_second;
    auto nodes = nodes_of(load, base::Duration{static_cast<std::int64_t>(seconds * 1e3)});
    line::RunningLine running{{.bridges = 1, .nodes = {}}};
    const auto totals = send_all(nodes, running.mosquitto().url());
    std::vector<double> milliseconds;
    for (const auto& node : nodes) {
        for (const auto delay : node.delays()) {
            milliseconds.push_back(static_cast<double>(delay.count()));
        }
    }
    bench::report("  the whole line at half of that",
                  static_cast<double>(totals.messages) / totals.seconds, "messages/s");
    bench::report("    from sending to applied, p50", bench::percentile(milliseconds, 0.5), "ms");
    bench::report("    p99", bench::percentile(milliseconds, 0.99), "ms");
}

void measure(const Load& load) {
    fmt::print("| {:<58} | {:>14} | {:<12} |\n", load.name, "", "");
    auto nodes = nodes_of(load);
    line::RunningLine running{{.bridges = 1, .nodes = {}}};
    running.stop("central");
    const auto before = bench::processor_seconds(running.pid("bridge-1"));
    const auto totals = send_all(nodes, running.mosquitto().url());
    const auto bridge = bench::processor_seconds(running.pid("bridge-1")) - before;
    const auto messages = static_cast<double>(totals.messages);
    const auto readings = static_cast<double>(totals.readings);
    bench::report("  bridge, MQTT to durable", messages / totals.seconds, "messages/s");
    bench::report("  bridge, MQTT to durable", readings / totals.seconds, "readings/s");
    bench::report("  bridge, processor time a message", bridge / messages * 1e6, "us");

    running.start("central");
    const bench::Stopwatch watch;
    while (committed(running) < totals.readings && watch.seconds() < 120) base::pause_for(10ms);
    const auto caught_up = watch.seconds();
    const auto central = bench::processor_seconds(running.pid("central"));
    bench::report("  central, start to all windows committed", readings / caught_up, "readings/s");
    bench::report("  central, a second of processor time", readings / central, "readings");
    bench::report("  central, resident afterwards",
                  static_cast<double>(bench::resident_kib(running.pid("central"))) / 1024, "MiB");
    measure_delay(load, messages / std::max(totals.seconds, caught_up) / 2);
}

}  // namespace

int main() {
    for (const auto& load : kLoads) measure(load);
    return EXIT_SUCCESS;
}
