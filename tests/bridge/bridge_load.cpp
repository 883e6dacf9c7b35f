// Goal: how many readings a second go from MQTT into Redis and are acknowledged, and what a message
// costs. Method: real Mosquitto, Redis (appendfsync always) and leat-bridge; one connection plays
// many nodes, each with two batches on their way. Run: bridge_load [nodes] [readings a record]
// [records a batch] [seconds]. Not a test: figures depend on the machine.
#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <map>

#include "base/log.hpp"
#include "bridge/store.hpp"
#include "broker/paho_connection.hpp"
#include "places.hpp"
#include "support/process.hpp"
#include "support/servers.hpp"
#include "wire/ack.hpp"
#include "wire/record.hpp"
#include "wire/topic.hpp"

namespace {

std::uint64_t argument(int argc, char** argv, int index, std::uint64_t fallback) {
    return argc > index ? std::strtoull(argv[index], nullptr, 10) : fallback;
}

/// Processor time of a process so far, in seconds (proc(5): utime and stime, 14th and 15th).
double processor_seconds(pid_t pid) {
    std::ifstream stat(fmt::format("/proc/{}/stat", pid));
    std::string word;
    double ticks = 0;
    for (int i = 1; i <= 15 && stat >> word; ++i) {
        if (i >= 14) ticks += std::strtod(word.c_str(), nullptr);
    }
    return ticks / static_cast<double>(sysconf(_SC_CLK_TCK));
}

std::string some_line(std::uint64_t readings) {
    wire::RawColumn column;
    for (std::uint64_t i = 0; i < readings; ++i) {
        column.dt_ms.push_back(static_cast<std::int64_t>(50 * i));
        column.values.push_back(1.2 + static_cast<double>(i % 7) * 0.001);
    }
    return wire::encode_record({.body = wire::Data{.at = base::from_milliseconds(1763630000000),
                                                   .clock = wire::ClockState::synced,
                                                   .boot = {},
                                                   .columns = {{"sonar.distance", column}}},
                                .origin = {}});
}

struct LoadNode {
    std::uint64_t sent = 0;
    std::uint64_t acknowledged = 0;
    wire::ChainHash hash;
};

class Load {
  public:
    Load(broker::Connection& connection, std::uint64_t nodes, std::uint32_t records,
         std::string line)
        : connection_(connection), records_(records), line_(std::move(line)) {
        for (std::uint64_t i = 0; i < nodes; ++i) {
            const auto name = fmt::format("node-{}", i);
            nodes_[name].hash = wire::Chain{}.start(name, {i + 1});
        }
    }

    void step() {
        while (const auto message = connection_.take()) take(*message);
        std::uint64_t number = 0;
        for (auto& [name, node] : nodes_) {
            ++number;
            while (node.sent < node.acknowledged + 2 * records_) {
                if (!send(name, node)) return;
            }
        }
    }

    std::uint64_t records() const { return acknowledged_; }
    std::uint64_t trouble() const { return trouble_; }

  private:
    bool send(const std::string& name, LoadNode& node) {
        wire::BatchHeader header{.incarnation = {std::stoull(name.substr(5)) + 1},
                                 .base = node.sent + 1,
                                 .count = records_,
                                 .lowest = 1,
                                 .before = node.hash,
                                 .now = {}};
        std::vector<std::string_view> lines(records_, line_);
        if (!connection_.publish({.topic = wire::Topics{}.data(name),
                                  .payload = wire::encode_batch(header, lines),
                                  .qos = 1,
                                  .retain = false,
                                  .expiry = {}})) {
            return false;
        }
        for (std::uint32_t i = 0; i < records_; ++i) {
            node.hash = wire::Chain{}.next(node.hash, ++node.sent, line_);
        }
        return true;
    }

    void take(const broker::Message& message) {
        const auto topic = wire::Topics{}.parse(message.topic);
        const auto ack = wire::decode_ack(message.payload);
        if (!topic || !ack) return;
        auto& node = nodes_[topic->node];
        if (ack.value().answer != wire::Answer::ok) ++trouble_;
        if (ack.value().durable.seq <= node.acknowledged) return;
        acknowledged_ += ack.value().durable.seq - node.acknowledged;
        node.acknowledged = ack.value().durable.seq;
    }

    broker::Connection& connection_;
    std::uint32_t records_;
    std::string line_;
    std::map<std::string, LoadNode> nodes_;
    std::uint64_t acknowledged_ = 0;
    std::uint64_t trouble_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
    const auto nodes = argument(argc, argv, 1, 64);
    const auto readings = argument(argc, argv, 2, 100);
    const auto records = static_cast<std::uint32_t>(argument(argc, argv, 3, 2));
    const base::Duration span = std::chrono::seconds{argument(argc, argv, 4, 5)};
    const support::TemporaryFolder folder;
    const support::Mosquitto mosquitto{{.lines = {"set_tcp_nodelay true"}}};
    const support::RedisServer redis;
    const auto config = folder.write(
        "bridge.toml", fmt::format("[broker]\naddress = \"{}\"\n[redis]\naddress = \"{}\"\n",
                                   mosquitto.url(), redis.address()));
    auto bridge = support::Process::start(
        {.argv = {places::program("leat-bridge"), "run", "--config", config},
         .environment = {},
         .log_file = folder.file("bridge.log"),
         .folder = {}});
    broker::PahoOptions options;
    options.address = mosquitto.url();
    options.client_id = "load";
    options.subscriptions = {{.filter = "leat/v1/+/ack", .qos = 1}};
    broker::PahoConnection connection(options, 1);
    const base::SystemClock clock;
    const auto warm = clock.instant() + std::chrono::seconds{1};
    while (clock.instant() < warm) {
        connection.tick(clock.instant());
        base::pause_for(base::Duration{5});
    }
    Load load(connection, nodes, records, some_line(readings));
    const auto began = clock.instant();
    const auto before = processor_seconds(bridge.pid());
    auto moved_at = began;
    std::uint64_t moved = 0;
    while (clock.instant() - began < span) {
        connection.tick(clock.instant());
        load.step();
        if (load.records() != moved) {
            moved = load.records();
            moved_at = clock.instant();
        }
        base::pause_for(base::Duration{1});
    }
    const auto seconds = std::chrono::duration<double>(moved_at - began).count();
    const auto processor = processor_seconds(bridge.pid()) - before;
    const auto messages = static_cast<double>(load.records()) / records;
    fmt::print(
        "{:.0f} readings/s, {:.0f} messages/s of {} bytes, bridge {:.1f} us of processor a message "
        "({:.0f} % of a core), {} answers other than ok\n",
        static_cast<double>(load.records() * readings) / seconds, messages / seconds,
        some_line(readings).size() * records, processor / messages * 1e6, processor / seconds * 100,
        load.trouble());
    return load.records() > 0 ? 0 : 1;
}
