// Goal: what happens on the pins of a real kernel arrives at the centre: each motion, and the
// distance. Method: leat-agent on an arm64 board in QEMU with Debian's kernel, its pins driven from
// here; broker, Redis, bridge and central are real and on this machine.
// Reproduce: ./dev test hil_test.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <sstream>

#include "base/text.hpp"
#include "delivery/outbox/sqlite_outbox.hpp"
#include "hil/board.hpp"
#include "hil/sensors.hpp"
#include "hil/tap.hpp"
#include "line/running_line.hpp"
#include "support/eventually.hpp"

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::size_t kMotions = 20;
constexpr std::size_t kMotionEdges = 2 * kMotions;
constexpr std::size_t kNearInARow = 3;
constexpr double kTolerance = 0.10;  // Metres: 0.6 ms of two processes' scheduling.

std::vector<milliseconds> motion_holds() {
    std::vector<milliseconds> holds;
    for (int i = 1; i < static_cast<int>(kMotionEdges); ++i) holds.emplace_back(100 + i * 37 % 80);
    return holds;
}

/// The readings where the value became another one.
std::vector<hil::Reading> changes(const std::vector<hil::Reading>& readings) {
    std::vector<hil::Reading> result;
    for (const auto& reading : readings) {
        if (result.empty() || result.back().value != reading.value) result.push_back(reading);
    }
    return result;
}

void print_spread(const char* what, std::vector<double> values, const char* unit) {
    if (values.empty()) return;
    std::sort(values.begin(), values.end());
    fmt::print("  {}: n {}, least {:.2f}, median {:.2f}, most {:.2f} {}\n", what, values.size(),
               values.front(), values[values.size() / 2], values.back(), unit);
}

/// The board, its sensors and a listener, stepped together.
struct Scene {
    line::RunningLine line{{.bridges = 1, .nodes = {}, .flush = {}}};
    hil::Tap tap{line.mosquitto(), "board"};
    hil::Board board{
        {.scene = "pins", .words = {fmt::format("BROKER_PORT={}", line.mosquitto().port())}}};
    hil::Sensors sensors{board.pins()};

    template <class Predicate>
    bool until(Predicate predicate, base::Duration patience = seconds{60}) {
        const base::SystemClock clock;
        const auto end = clock.instant() + patience;
        while (!predicate() && board.running() && clock.instant() < end) {
            sensors.step();
            tap.listen();
        }
        return predicate();
    }

    std::vector<hil::Reading> motion() const { return tap.readings("door.motion"); }
    std::vector<hil::Reading> distance() const { return tap.readings("sonar.distance"); }

    /// Waits for some right readings in a row, and returns their errors in cm. Single ones may be
    /// wrong: a busy machine may delay the board, or the sensor, in the middle of an echo.
    std::vector<double> measure(double metres) {
        sensors.set_distance(metres);
        const auto before = distance().size();
        std::vector<double> errors;
        const auto is_near = [&] {
            const auto readings = distance();
            errors.clear();
            for (auto i =
                     std::max(before, readings.size() - std::min(readings.size(), kNearInARow));
                 i < readings.size(); ++i) {
                errors.push_back((readings[i].value - metres) * 100);
            }
            return errors.size() == kNearInARow &&
                   std::all_of(errors.begin(), errors.end(),
                               [](double error) { return std::abs(error) <= kTolerance * 100; });
        };
        CHECK_MESSAGE(until(is_near, seconds{30}), "at ", metres, " m");
        return errors;
    }

    /// How many readings central has counted.
    std::size_t counted() const {
        std::istringstream metrics(line.get("/metrics"));
        const std::string name = "leat_central_readings_total ";
        for (std::string text; std::getline(metrics, text);) {
            if (text.starts_with(name)) return std::stoul(text.substr(name.size()));
        }
        return 0;
    }
};

/// The lines of the outbox that the board has shown on its console.
std::vector<std::string> outbox_lines(const std::string& console) {
    const std::string begin = "OUTBOX BEGINS\n";
    const auto first = console.find(begin) + begin.size();
    auto digits = console.substr(first, console.find("OUTBOX ENDS") - first);
    std::erase_if(digits, [](char c) { return c == '\n' || c == ' '; });
    std::vector<std::uint8_t> bytes(digits.size() / 2);
    REQUIRE(base::from_hex(digits, bytes));
    const support::TemporaryFolder folder;
    delivery::SqliteOutboxOptions options;
    options.path = folder.write("outbox.db", std::string(bytes.begin(), bytes.end()));
    options.node = "board";
    const auto outbox = delivery::SqliteOutbox::open(options);
    REQUIRE_MESSAGE(outbox, (outbox ? "" : outbox.error().detail));
    const auto records = outbox.value()->read(0, 10'000, 10'000'000);
    REQUIRE(records);
    std::vector<std::string> lines;
    for (const auto& record : records.value()) lines.push_back(record.line);
    return lines;
}

/// How far each motion's length, by the kernel's times, is from what was played, in ms.
std::vector<double> length_errors(const std::vector<hil::Reading>& seen,
                                  const std::vector<hil::Sensors::Clock::time_point>& played) {
    std::vector<double> errors;
    for (std::size_t i = 1; i < std::min(played.size(), seen.size() - 1); ++i) {
        const std::chrono::duration<double, std::milli> wanted = played[i] - played[i - 1];
        errors.push_back(static_cast<double>(seen[i + 1].time_ms - seen[i].time_ms) -
                         wanted.count());
    }
    return errors;
}

}  // namespace

TEST_CASE("each motion and the distance arrive at the centre from a real kernel's pins") {
    hil::skip_without_board();
    Scene scene;
    REQUIRE_MESSAGE(scene.until([&] { return !scene.motion().empty(); }), scene.board.console());

    scene.sensors.play_motion(motion_holds());
    std::vector<double> errors;
    for (const double metres : {0.5, 1.2, 3.0}) {
        for (const auto error : scene.measure(metres)) errors.push_back(error);
    }
    CHECK(scene.until([&] { return changes(scene.motion()).size() > kMotionEdges; }));
    scene.board.type("stop");
    CHECK(scene.board.says("HIL: leat-agent ended with 0"));
    CHECK(scene.board.ends());
    scene.tap.listen();

    const auto motion = changes(scene.motion());  // Always 0, 1, 0, 1 …
    REQUIRE(motion.size() == kMotionEdges + 1);
    CHECK(motion.front().value == 0);
    for (const auto& fault : scene.tap.faults()) {
        fmt::print("  {}\n", fault);
        CHECK(fault.starts_with("sonar: "));
    }
    std::vector<std::string> sent;
    for (const auto& [seq, line] : scene.tap.lines()) sent.push_back(line);
    CHECK(outbox_lines(scene.board.console()) == sent);
    CHECK(support::eventually([&] { return scene.counted() == scene.tap.count(); }));

    fmt::print("pins of a real kernel: {} readings in {} records, all of them at the centre\n",
               scene.tap.count(), scene.tap.lines().size());
    print_spread("motion, error of its length", length_errors(motion, scene.sensors.motion()),
                 "ms");
    print_spread("distance, error", errors, "cm");
    print_spread("the rig's own echo, error", scene.sensors.echo_errors_us(), "us");
    fmt::print("  {}\n", scene.board.told());
}
