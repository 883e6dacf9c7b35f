// Goal: the agent records what the sketch measures on a board, to the last digit, even when the
// board is unplugged, and reports what is not wired. Method: the sketch, built as for an Uno, on a
// simulated ATmega328P with its three sensors, its serial port on a pseudo-terminal, and the real
// leat-agent. Afterwards every line that the board sent is compared with the outbox.
// Reproduce: ctest -R firmware_test.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <csignal>
#include <filesystem>
#include <map>
#include <sstream>

#include "base/json.hpp"
#include "delivery/outbox/sqlite_outbox.hpp"
#include "places.hpp"
#include "support/eventually.hpp"
#include "support/process.hpp"
#include "support/servers.hpp"
#include "support/temporary_folder.hpp"
#include "wire/record.hpp"

namespace {

using namespace std::chrono_literals;
using support::Process;
using Readings = std::map<std::string, std::vector<double>>;  // By series, in order.

constexpr base::Duration kPatience = 60s;  // A busy machine simulates slower than real time.

constexpr const char* kConfig = R"([node]
name = "pi"

[broker]
address = "{1}"

[outbox]
path = "{0}/outbox.db"
flush = "200ms"

[[sensor]]
name = "uno"
driver = "serial"
port = "{0}/ttyACM0"

[sensor.keys]
temperature = "temperature:Cel"
humidity = "humidity:%RH"
distance_m = "distance:m"
in_range = "in_range"
motion = "motion"
)";

/// A desk with a board, and the agent beside it.
class Desk {
  public:
    Desk() { scene("climate absent\necho silent\nmotion open\n"); }

    std::string broker = "tcp://127.0.0.1:1";  // Where none is.

    void scene(const std::string& text) const {
        folder_.write("scene.new", text);
        std::filesystem::rename(folder_.file("scene.new"), folder_.file("scene"));
    }

    void plug() {
        board_.emplace(
            Process::start({.argv = {SIMULATED_BOARD, FIRMWARE, port(), folder_.file("scene")},
                            .environment = {},
                            .log_file = folder_.file(fmt::format("board{}.log", boards_++)),
                            .folder = {}}));
    }

    /// Unplugs it in the middle of whatever it is doing, but not before the agent has what was
    /// sent: bytes that wait in the kernel are lost with the board.
    void unplug() {
        board_->kill(SIGSTOP);
        const int port_file = open(port().c_str(), O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
        REQUIRE(port_file >= 0);
        const bool drained = support::eventually(
            [&] {
                int waiting = 1;
                return ioctl(port_file, FIONREAD, &waiting) == 0 && waiting == 0;
            },
            kPatience);
        close(port_file);
        REQUIRE(drained);
        board_->kill(SIGKILL);
        board_->wait(kPatience);
        sent_ += board_->log() + "\n";
        board_.reset();
        std::filesystem::remove(port());  // As udev does.
    }

    bool board_says(const std::string& text) const {
        return support::eventually([&] { return board_->log().find(text) != std::string::npos; },
                                   kPatience);
    }

    Process agent(const std::string& verb) const {
        const auto config = folder_.write(
            "agent.toml", fmt::format(fmt::runtime(kConfig), folder_.path().string(), broker));
        return Process::start({.argv = {places::program("leat-agent"), verb, "--config", config},
                               .environment = {},
                               .log_file = folder_.file(verb + ".log"),
                               .folder = {}});
    }

    std::vector<wire::Record> records() const {
        delivery::SqliteOutboxOptions options;
        options.path = folder_.file("outbox.db");
        options.node = "pi";
        const auto outbox = delivery::SqliteOutbox::open(options);
        REQUIRE_MESSAGE(outbox, (outbox ? "" : outbox.error().detail));
        const auto stored = outbox.value()->read(0, 100'000, 100'000'000);
        REQUIRE(stored);
        std::vector<wire::Record> records;
        for (const auto& record : stored.value()) {
            auto decoded = wire::decode_record(record.line);
            REQUIRE(decoded);
            records.push_back(std::move(decoded).value());
        }
        return records;
    }

    /// The whole lines that earlier boards sent, without those of the board that is plugged in now.
    std::vector<base::Json> lines() const {
        std::vector<base::Json> lines;
        std::istringstream sent(sent_);
        for (std::string line; std::getline(sent, line);) {
            if (line.ends_with('\r')) line.pop_back();
            auto json = base::parse_json(line);
            if (json) lines.push_back(std::move(json).value());
        }
        return lines;
    }

    std::string port() const { return folder_.file("ttyACM0"); }

  private:
    support::TemporaryFolder folder_;
    std::optional<Process> board_;
    std::string sent_;
    int boards_ = 0;
};

bool says(const Process& process, const std::string& text) {
    return support::eventually([&] { return process.log().find(text) != std::string::npos; },
                               kPatience);
}

Readings recorded(const std::vector<wire::Record>& records) {
    Readings readings;
    for (const auto& record : records) {
        const auto* data = std::get_if<wire::Data>(&record.body);
        if (data == nullptr) continue;
        for (const auto& column : data->columns) {
            const auto& values = std::get<wire::RawColumn>(column.points).values;
            auto& all = readings[column.series];
            all.insert(all.end(), values.begin(), values.end());
        }
    }
    return readings;
}

Readings sent(const std::vector<base::Json>& lines) {
    Readings readings;
    for (const auto& line : lines) {
        for (const auto& [key, value] : line.object) {
            if (!value.is_number() || key == "n") continue;
            const std::string name =
                key == "distance_m" ? "distance" : key;  // The unit is no name.
            readings["uno." + name].push_back(value.number);
        }
    }
    return readings;
}

std::vector<std::string> faults(const std::vector<wire::Record>& records) {
    std::vector<std::string> reasons;
    for (const auto& record : records) {
        const auto* fault = std::get_if<wire::SensorFault>(&record.body);
        if (fault != nullptr) reasons.push_back(fault->reason);
    }
    return reasons;
}

/// Whether the series has taken each of these values, in this order, within a tolerance.
bool passes(const std::vector<double>& values, const std::vector<double>& expected,
            double tolerance) {
    std::size_t at = 0;
    for (const double value : values) {
        if (at < expected.size() && std::abs(value - expected[at]) <= tolerance) ++at;
    }
    return at == expected.size();
}

bool all_near_one_of(const std::vector<double>& values, const std::vector<double>& allowed,
                     double tolerance) {
    return std::all_of(values.begin(), values.end(), [&](double value) {
        return std::any_of(allowed.begin(), allowed.end(), [&](double expected) {
            return std::abs(value - expected) <= tolerance;
        });
    });
}

}  // namespace

TEST_CASE("every line of the board is recorded once, across an unplugging, and nothing else is") {
    Desk desk;
    desk.scene("climate 45 0 23 4 72\necho 5828\nmotion 0\n");
    desk.plug();
    REQUIRE(desk.board_says("boot"));
    auto agent = desk.agent("run");
    REQUIRE(desk.board_says(R"("temperature":23.4)"));
    REQUIRE(desk.board_says(R"("distance_m":1.007)"));
    REQUIRE(desk.board_says(R"("motion":0)"));
    desk.scene("climate 45 0 23 4 72\necho 38000\nmotion 1\n");
    REQUIRE(desk.board_says(R"("motion":1)"));
    REQUIRE(desk.board_says(R"("in_range":0)"));
    desk.unplug();
    REQUIRE(says(agent, "serial port is gone"));
    desk.scene("climate 50 3 1 130 184\necho 2900\nmotion 0\n");  // -1.2 degrees.
    desk.plug();
    REQUIRE(desk.board_says(R"("temperature":-1.2)"));
    REQUIRE(desk.board_says(R"("distance_m":0.479)"));
    REQUIRE(desk.board_says(R"("motion":0)"));
    desk.unplug();
    agent.kill(SIGTERM);
    REQUIRE(agent.wait(kPatience) == 0);

    const auto records = desk.records();
    auto readings = recorded(records);
    CHECK(readings == sent(desk.lines()));
    CHECK(readings.size() == 5);
    CHECK(passes(readings["uno.temperature"], {23.4, -1.2}, 0));
    CHECK(all_near_one_of(readings["uno.temperature"], {23.4, -1.2}, 0));
    CHECK(all_near_one_of(readings["uno.humidity"], {45, 50.3}, 0));
    CHECK(passes(readings["uno.motion"], {0, 1, 0}, 0));
    CHECK(passes(readings["uno.in_range"], {1, 0, 1}, 0));
    // Computed for 20 degrees before the first temperature, then for that one: within 1 cm.
    CHECK(passes(readings["uno.distance"], {1.0001, 1.0067, 0.498, 0.4793}, 0.01));
    CHECK(all_near_one_of(readings["uno.distance"], {1.0001, 1.0067, 0.498, 0.4793}, 0.01));
    CHECK(faults(records).front() == "unplugged: " + desk.port());
}

TEST_CASE("leat-agent test shows what a board measures") {
    const support::Mosquitto mosquitto;
    Desk desk;
    desk.broker = mosquitto.url();
    desk.scene("climate 45 0 23 4 72\necho 5828\nmotion 1\n");
    auto absent = desk.agent("test");
    CHECK(absent.wait(kPatience) == 1);
    CHECK(says(absent, "no " + desk.port() + ": no board is plugged in"));
    desk.scene("climate 45 0 23 4 72\necho 5828\nmotion 0\n");
    desk.plug();
    REQUIRE(desk.board_says("motion"));
    REQUIRE(desk.board_says("temperature"));
    auto test = desk.agent("test");
    CHECK(test.wait(kPatience) == 0);
    CAPTURE(test.log());
    for (const auto* line : {"23.4 Cel\n", "45 %RH\n", " m\n", "1 /\n", "0 /\n"}) {
        CAPTURE(line);
        CHECK(test.log().find(line) != std::string::npos);
    }
}

TEST_CASE("a board without sensors says so of each, and nothing is recorded as a reading") {
    Desk desk;
    desk.plug();
    auto agent = desk.agent("run");
    CHECK(desk.board_says("dht: no response"));
    CHECK(desk.board_says("sonar: no echo"));
    CHECK(desk.board_says("motion: high since the start: no sensor?"));
    desk.scene("climate 45 0 23 4 73\necho open\nmotion open\n");
    CHECK(desk.board_says("dht: checksum"));
    CHECK(desk.board_says("sonar: stuck high"));
    desk.scene("climate 0 0 0 0 0\necho 80\nmotion open\n");
    CHECK(desk.board_says("dht: implausible"));
    CHECK(desk.board_says("sonar: too close"));
    desk.unplug();
    agent.kill(SIGTERM);
    REQUIRE(agent.wait(kPatience) == 0);
    const auto records = desk.records();
    CHECK(recorded(records).empty());
    const auto reasons = faults(records);
    REQUIRE_FALSE(reasons.empty());
    CHECK(reasons.front() == "sonar: no echo");
}
