// Goal: what the sensors on a node's pins showed is in its outbox, to the last digit and with the
// kernel's timestamps. Each fault of a wire is there with its reason and its edges, from which
// `decode` recovers what the sensor sent. Method: `leat-agent run` as a process of its own,
// the virtual chip preloaded into it, no broker; the outbox is read after it has stopped.
// Reproduce: ctest -R agent_pins_run_test.
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <time.h>

#include <algorithm>
#include <cmath>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "delivery/outbox/sqlite_outbox.hpp"
#include "places.hpp"
#include "support/eventually.hpp"
#include "support/process.hpp"
#include "support/temporary_folder.hpp"
#include "wire/record.hpp"

namespace {

using support::Process;
using namespace std::chrono_literals;

struct Reading {
    double time_ms = 0;  // Since the boot.
    double value = 0;
};

/// From 1970, or from the boot: both in milliseconds after the boot.
double since_boot_ms(double event_ms, wire::ClockState state) {
    if (state == wire::ClockState::boot) return event_ms;
    const base::SystemClock clock;
    const auto wall = static_cast<double>(base::to_milliseconds(clock.event_time()));
    const auto boot = static_cast<double>(clock.instant().time_since_epoch().count());
    return event_ms - wall + boot;
}

/// A node with its chip and its outbox.
class Node {
  public:
    Node() { folder_.write("gpiochip0", ""); }

    void play(const std::string& script) const {
        folder_.write("next", script);  // Renamed into place, so that no half of it is read.
        std::filesystem::rename(folder_.file("next"), folder_.file("script"));
    }

    /// `sensors` are the tables without their `devices`.
    void configure(const std::vector<std::string>& sensors) {
        std::string text = fmt::format(
            "[node]\nname = \"pi\"\n[broker]\naddress = \"tcp://127.0.0.1:1\"\n"
            "[outbox]\npath = \"{}\"\nflush = \"100ms\"\n",
            folder_.file("outbox.db"));
        for (const auto& sensor : sensors) {
            text +=
                fmt::format("[[sensor]]\ndevices = \"{}\"\n{}", folder_.path().string(), sensor);
        }
        config_ = folder_.write("agent.toml", text);
    }

    void start() { agent_.emplace(launch({"run", "--config", config_}, "agent.log")); }

    void stop() {
        agent_->kill(SIGTERM);
        const auto exit = agent_->wait(30s);
        CHECK_MESSAGE(exit == 0, agent_->log());
        agent_.reset();
        read();
    }

    Process launch(std::vector<std::string> arguments, const std::string& log) const {
        arguments.insert(arguments.begin(), places::program("leat-agent"));
        return Process::start({.argv = std::move(arguments),
                               .environment = {"VIRTUAL_GPIO=" + folder_.path().string(),
                                               "LD_PRELOAD=" VIRTUAL_GPIOCHIP,
                                               "ASAN_OPTIONS=verify_asan_link_order=0"},
                               .log_file = folder_.file(log),
                               .folder = {}});
    }

    /// How often the chip's log has the line.
    std::size_t count(const std::string& line) const {
        const auto lines = chip_log();
        return static_cast<std::size_t>(std::count(lines.begin(), lines.end(), line));
    }

    bool reaches(const std::string& line, std::size_t times) const {
        return support::eventually([&] { return count(line) >= times; });
    }

    std::vector<std::string> chip_log() const {
        std::vector<std::string> lines;
        std::ifstream file(folder_.file("log"));
        for (std::string line; std::getline(file, line);) lines.push_back(line);
        return lines;
    }

    std::string write(const std::string& name, const std::string& content) const {
        return folder_.write(name, content);
    }
    const std::string& config() const { return config_; }

    std::map<std::string, std::vector<Reading>> readings;
    std::map<std::string, std::vector<wire::SensorFault>> faults;

  private:
    void read() {
        delivery::SqliteOutboxOptions options;
        options.path = folder_.file("outbox.db");
        options.node = "pi";
        const auto outbox = delivery::SqliteOutbox::open(options);
        REQUIRE_MESSAGE(outbox, (outbox ? "" : outbox.error().detail));
        const auto records = outbox.value()->read(0, 100'000, 64 << 20U);
        REQUIRE(records);
        for (const auto& record : records.value()) take(record.line);
    }

    void take(const std::string& line) {
        const auto record = wire::decode_record(line);
        REQUIRE_MESSAGE(record, line);
        if (const auto* fault = std::get_if<wire::SensorFault>(&record.value().body)) {
            faults[fault->sensor].push_back(*fault);
        }
        const auto* data = std::get_if<wire::Data>(&record.value().body);
        if (data == nullptr) return;
        for (const auto& column : data->columns) {
            const auto& raw = std::get<wire::RawColumn>(column.points);
            for (std::size_t i = 0; i < raw.values.size(); ++i) {
                const auto at = base::to_milliseconds(data->at) + raw.dt_ms[i];
                readings[column.series].push_back(
                    {since_boot_ms(static_cast<double>(at), data->clock), raw.values[i]});
            }
        }
    }

    support::TemporaryFolder folder_;
    std::string config_;
    std::optional<Process> agent_;
};

std::string dht(const std::string& name, int line, const std::string& model = "dht11") {
    return fmt::format(
        "name = \"{}\"\ndriver = \"dht\"\nmodel = \"{}\"\nline = \"GPIO{}\"\nperiod = \"2s\"\n"
        "tries = 1\n",
        name, model, line);
}

std::string sonar(const std::string& name, int trigger, int echo, int pings = 3) {
    return fmt::format(
        "name = \"{}\"\ndriver = \"ultrasonic\"\ntrigger = \"GPIO{}\"\necho = \"GPIO{}\"\n"
        "period = \"1s\"\npings = {}\n",
        name, trigger, echo, pings);
}

constexpr const char* kDoor =
    "name = \"door\"\ndriver = \"pir\"\nline = \"GPIO17\"\nwarm_up = \"0s\"\ndebounce = \"0ms\"\n"
    "hold = \"0s\"\nperiod = \"1h\"\n";

/// The falling edges of an answer, in µs after the first: the data sheet's 160 µs of response, then
/// 76 for a 0 and 120 for a 1.
std::vector<double> falls_of(const std::array<std::uint8_t, 5>& bytes, unsigned bits = 40) {
    std::vector<double> falls{0, 160};
    for (unsigned bit = 0; bit < bits; ++bit) {
        const bool one = (bytes.at(bit / 8) >> (7 - bit % 8) & 1) != 0;
        falls.push_back(falls.back() + (one ? 120 : 76));
    }
    return falls;
}

bool all_are(const std::vector<Reading>& readings, double value) {
    return !readings.empty() &&
           std::all_of(readings.begin(), readings.end(), [&](const Reading& reading) {
               return std::abs(reading.value - value) < 1e-9;
           });
}

}  // namespace

TEST_CASE("what the sensors show is in the outbox, exact") {
    Node node;
    node.play("dht 4 45 0 23 4\nsonar 23 24 5828\nlevel 17 1\n");
    node.configure({dht("climate", 4), sonar("sonar", 23, 24), kDoor});
    node.start();
    CHECK(node.reaches("answered 4", 3));
    node.stop();
    CHECK(all_are(node.readings["climate.temperature"], 23.4));
    CHECK(all_are(node.readings["climate.humidity"], 45));
    const double speed = 331.3 * std::sqrt(1 + 20 / 273.15);
    CHECK(all_are(node.readings["sonar.distance"], std::round(5828e-6 * speed / 2 * 1e3) / 1e3));
    CHECK(all_are(node.readings["sonar.in_range"], 1));
    CHECK(all_are(node.readings["door.motion"], 1));
    CHECK(node.faults.empty());
}

TEST_CASE("motion is recorded with the time that the kernel gave its edge") {
    Node node;
    node.play("level 17 0\n");
    node.configure({kDoor});
    node.start();
    REQUIRE(node.reaches("read 17", 1));
    for (int i = 1; i <= 10; ++i) {
        node.play(fmt::format("level 17 {}\n", i % 2));
        base::pause_for(200ms);
    }
    node.stop();
    std::vector<Reading> edges;
    for (const auto& line : node.chip_log()) {
        std::istringstream words(line);
        std::string what;
        unsigned offset = 0;
        Reading edge;
        if (words >> what >> offset >> edge.value >> edge.time_ms && what == "edge") {
            edge.time_ms /= 1e6;  // Nanoseconds.
            edges.push_back(edge);
        }
    }
    auto motion = node.readings["door.motion"];
    REQUIRE(edges.size() == 10);
    REQUIRE(motion.size() == 11);
    CHECK(motion[0].value == 0);  // The level at the start, which made no edge.
    std::vector<double> errors;
    for (std::size_t i = 0; i < edges.size(); ++i) {
        CHECK(motion[i + 1].value == edges[i].value);
        errors.push_back(std::abs(motion[i + 1].time_ms - edges[i].time_ms));
    }
    // The median, because a busy machine may stop the agent between two readings of the clock.
    std::sort(errors.begin(), errors.end());
    MESSAGE("an edge's time is off by ", errors[5], " ms, at most ", errors.back(), " ms");
    CHECK(errors[5] <= 2);
}

TEST_CASE("each fault of a wire is recorded with its reason and the exact edges") {
    Node node;
    node.play(
        "dht 4 45 0 23 4\nfault 4 checksum\ndht 5 45 0 23 4\nfault 5 absent\n"
        "dht 6 45 0 23 4\nfault 6 stuck_low\ndht 12 45 0 23 4\nfault 12 overflow\n"
        "dht 13 45 0 23 4\nfault 13 short\ndht 16 45 0 23 4\n"
        "sonar 23 24 5828\nfault 24 never_falls\nsonar 25 26 5828\nfault 26 absent\nsonar 19 20 "
        "80\nlevel 17 0\n");
    node.configure({dht("checksum", 4), dht("absent", 5), dht("low", 6), dht("overflow", 12),
                    dht("short", 13), dht("model", 16, "dht22"), sonar("hangs", 23, 24, 1),
                    sonar("mute", 25, 26), sonar("near", 19, 20), kDoor});
    node.start();
    for (const int line : {4, 12, 13, 16}) CHECK(node.reaches(fmt::format("answered {}", line), 2));
    node.play("level 17 0\nbounce 17 300\n");
    base::pause_for(2s);
    node.stop();

    const std::array<std::uint8_t, 5> bytes{45, 0, 23, 4, 72};
    const std::array<std::uint8_t, 5> damaged{45, 0, 23, 4, 73};
    struct Row {
        const char* sensor;
        const char* reason;
        std::vector<double> edges;
    };
    const Row rows[] = {{"checksum", "checksum", falls_of(damaged)},
                        {"absent", "no response", {}},
                        {"low", "line stuck low", {}},
                        {"overflow", "events lost", {}},
                        {"short", "short frame", falls_of(bytes, 20)},
                        {"model", "implausible", falls_of(bytes)},
                        {"hangs", "stuck echo", {0}},
                        {"near", "too close", {0, 80}},
                        {"mute", "no echo", {}},
                        // The kernel kept 256 of 300.
                        {"door", "events lost: 44", {}}};
    for (const auto& row : rows) {
        const std::string name = row.sensor;
        CAPTURE(name);
        const auto& faults = node.faults[row.sensor];
        REQUIRE_FALSE(faults.empty());
        CHECK(faults[0].reason == row.reason);
        CHECK(faults[0].edges_us == row.edges);
        CHECK(node.readings[std::string{row.sensor} + ".temperature"].empty());
    }

    SUBCASE("decode finds in the black box what the sensor said, or why it cannot") {
        const auto decoded = [&](const std::string& sensor, const std::string& model) {
            std::string csv = "time_us,level\n";
            bool level = false;  // Of a DHT falls only; of ECHO a rise, then a fall.
            for (const double edge : node.faults[sensor].at(0).edges_us) {
                level = model == "hcsr04" && !level;
                csv += fmt::format("{},{}\n", edge, level ? 1 : 0);
            }
            auto decode =
                node.launch({"decode", model, "--edges", node.write(sensor + ".csv", csv)},
                            sensor + model + ".log");
            const auto exit = decode.wait(30s);
            return fmt::format("{} {}", exit.value_or(-1), decode.log());
        };
        CHECK(decoded("model", "dht11") ==
              "0 {\"t_us\":0,\"humidity_percent\":45,\"temperature_celsius\":23.4}\n");
        CHECK(decoded("model", "dht22").find("implausible") != std::string::npos);
        CHECK(decoded("near", "hcsr04").find("no frame: too close") != std::string::npos);
        CHECK(decoded("checksum", "dht11").find("no frame: checksum (1 times)") !=
              std::string::npos);
        CHECK(decoded("short", "dht11").find("no frame: short frame") != std::string::npos);
    }
}

TEST_CASE("a chip that is unplugged while the agent runs is reported, and found again") {
    Node node;
    node.play("dht 4 45 0 23 4\nlevel 17 1\n");
    node.configure({dht("climate", 4), kDoor});
    node.start();
    REQUIRE(node.reaches("answered 4", 1));
    node.play("gone\n");
    base::pause_for(3s);
    node.play("dht 4 45 0 24 1\nlevel 17 1\n");
    CHECK(node.reaches("granted 4", 2));
    CHECK(node.reaches("granted 17", 2));
    const auto answers = node.count("answered 4");
    CHECK(node.reaches("answered 4", answers + 2));
    node.play("dht 4 45 0 24 1\nlevel 17 0\n");
    base::pause_for(1s);
    node.stop();
    for (const auto* sensor : {"climate", "door"}) {
        CAPTURE(sensor);
        REQUIRE_FALSE(node.faults[sensor].empty());
        CHECK(node.faults[sensor][0].reason.find("its chip is gone") != std::string::npos);
    }
    CHECK(node.readings["climate.temperature"].front().value == doctest::Approx(23.4));
    CHECK(node.readings["climate.temperature"].back().value == doctest::Approx(24.1));
    CHECK(node.readings["door.motion"].back().value == 0);
}

TEST_CASE("a busy line is reported and stops nothing; no permission stops the agent with 78") {
    Node node;
    node.play("busy 4 dht11@4\nsonar 23 24 5828\nlevel 17 1\n");
    node.configure({dht("climate", 4), kDoor});
    node.start();
    REQUIRE(node.reaches("granted 17", 1));
    base::pause_for(2500ms);
    node.stop();
    REQUIRE_FALSE(node.faults["climate"].empty());
    CHECK(node.faults["climate"][0].reason.find("GPIO4 is in use by \"dht11@4\"") !=
          std::string::npos);
    CHECK(all_are(node.readings["door.motion"], 1));

    node.play("denied\n");
    auto refused = node.launch({"run", "--config", node.config()}, "refused.log");
    CHECK(refused.wait(30s) == 78);
    CHECK(refused.log().find("usermod -aG dialout USER") != std::string::npos);
}
