// What a node costs when its five sensors are read as often as they allow: a DHT11, a DHT22, two
// HC-SR04 in turns and a motion sensor, on the virtual chip under libgpiod, with a real broker,
// bridge, Redis and central.

#include <fmt/core.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>

#include "bench/figures.hpp"
#include "broker/paho_connection.hpp"
#include "delivery/outbox/sqlite_outbox.hpp"
#include "line/running_line.hpp"
#include "places.hpp"
#include "wire/batch.hpp"
#include "wire/record.hpp"
#include "wire/topic.hpp"

namespace {

using namespace std::chrono_literals;

constexpr double kSeconds = 60;

constexpr const char* kScript =
    "dht 4 45 0 23 4\ndht 5 2 140 0 234\nsonar 23 24 6823\nsonar 25 26 11291\nlevel 17 1\n";

constexpr const char* kConfig = R"([node]
name = "pi"
[broker]
address = "{1}"
[outbox]
path = "{0}/outbox.db"
[clock]
before_sync = "wall"
[[sensor]]
name = "air"
driver = "dht"
model = "dht11"
line = "GPIO4"
period = "1s"
apart = "1s"
devices = "{0}"
[[sensor]]
name = "soil"
driver = "dht"
model = "dht22"
line = "GPIO5"
period = "2s"
devices = "{0}"
[[sensor]]
name = "tank"
driver = "ultrasonic"
trigger = "GPIO23"
echo = "GPIO24"
pings = 1
period = "65ms"
devices = "{0}"
[[sensor]]
name = "well"
driver = "ultrasonic"
trigger = "GPIO25"
echo = "GPIO26"
pings = 1
period = "65ms"
devices = "{0}"
[[sensor]]
name = "door"
driver = "pir"
line = "GPIO17"
devices = "{0}"
warm_up = "0s"
)";

struct Heard {
    std::uint64_t bytes = 0;
    std::uint64_t readings = 0;
};

void count(const broker::Message& message, Heard& heard) {
    heard.bytes += message.payload.size();
    const auto batch = wire::decode_batch(message.payload);
    if (!batch) return;
    for (const auto line : batch.value().lines) {
        const auto record = wire::decode_record(line);
        if (!record) continue;
        if (const auto* data = std::get_if<wire::Data>(&record.value().body)) {
            heard.readings += data->readings();
        }
    }
}

Heard listen(broker::PahoConnection& tap, double seconds) {
    const base::SystemClock clock;
    Heard heard;
    const bench::Stopwatch watch;
    while (watch.seconds() < seconds) {
        tap.tick(clock.instant());
        while (const auto message = tap.take()) count(*message, heard);
        base::pause_for(10ms);
    }
    return heard;
}

/// When the first reading in the outbox was taken, as time since the boot, by its own record.
std::optional<base::Duration> first_reading(const std::string& path) {
    delivery::SqliteOutboxOptions options;
    options.path = path;
    options.node = "pi";
    const auto outbox = delivery::SqliteOutbox::open(options);
    if (!outbox) return std::nullopt;
    const auto records = outbox.value()->read(0, 100, 1'000'000);
    if (!records) return std::nullopt;
    for (const auto& stored : records.value()) {
        const auto record = wire::decode_record(stored.line);
        if (!record) continue;
        const auto* data = std::get_if<wire::Data>(&record.value().body);
        if (data != nullptr) return data->since_boot;
    }
    return std::nullopt;
}

/// Without the virtual chip's share in the agent's process: on a real board there is none.
double own_seconds(pid_t pid) {
    return bench::processor_seconds(pid) - bench::processor_seconds_of_threads(pid, "virtual chip");
}

std::string agent_program() {
    const char* chosen = std::getenv("LEAT_AGENT");
    return chosen != nullptr ? chosen : places::program("leat-agent");
}

}  // namespace

int main() {
    const support::TemporaryFolder folder;
    line::RunningLine running{{.bridges = 1, .nodes = {}}};
    folder.write("gpiochip0", "");
    folder.write("script", kScript);
    const auto config = folder.write(
        "agent.toml",
        fmt::format(fmt::runtime(kConfig), folder.path().string(), running.mosquitto().url()));
    broker::PahoOptions tap_options;
    tap_options.address = running.mosquitto().url();
    tap_options.client_id = "tap";
    tap_options.subscriptions = {{.filter = wire::Topics{}.data("pi"), .qos = 1}};
    broker::PahoConnection tap{tap_options, 1};
    listen(tap, 1);
    const base::SystemClock clock;
    const auto started = clock.instant().time_since_epoch();
    auto agent = support::Process::start(
        {.argv = {agent_program(), "run", "--config", config},
         .environment = {"VIRTUAL_GPIO=" + folder.path().string(), "LD_PRELOAD=" VIRTUAL_GPIOCHIP},
         .log_file = folder.file("log"),
         .folder = {}});
    listen(tap, 10);  // Start-up is not the steady state.
    const auto cpu = own_seconds(agent.pid());
    const auto written = bench::written_bytes(agent.pid());
    const auto heard = listen(tap, kSeconds);
    const auto readings = static_cast<double>(std::max<std::uint64_t>(heard.readings, 1));
    const auto cpu_used = own_seconds(agent.pid()) - cpu;
    const auto bytes_written = static_cast<double>(bench::written_bytes(agent.pid()) - written);
    const auto resident = static_cast<double>(bench::resident_kib(agent.pid())) / 1024;
    const auto own = static_cast<double>(bench::anonymous_kib(agent.pid())) / 1024;
    agent.kill(SIGTERM);
    agent.wait(5s);
    fmt::print("| {:<58} | {:>14} | {:<12} |\n", "agent, 5 sensors on pins at their fastest", "",
               "");
    bench::report("  rate", readings / kSeconds, "readings/s");
    bench::report("  resident", resident, "MiB");
    bench::report("  of that its own (anonymous)", own, "MiB");
    bench::report("  processor, without the virtual chip's thread", cpu_used / kSeconds * 100,
                  "% of a core");
    bench::report("  written to disk (kernel's count)", bytes_written / readings, "B/reading");
    bench::report("  on the wire (MQTT payload)", static_cast<double>(heard.bytes) / readings,
                  "B/reading");
    if (const auto first = first_reading(folder.file("outbox.db"))) {
        bench::report("  from start to first reading",
                      static_cast<double>((*first - started).count()), "ms");
    }
    return EXIT_SUCCESS;
}
