// Goal: the real drivers, over the unmodified libgpiod, read exact values, and each fault of a
// sensor or a line has its reason. Method: a virtual chip that is preloaded (virtual_gpiochip.cpp)
// plays the sensors with exact edge times; drivers are made by the registry from TOML, as the agent
// makes them. Reproduce: ctest -R gpio_test, which sets LD_PRELOAD. Without the chip the cases are
// skipped.
#include <dlfcn.h>
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>

#include "drivers/core/registry.hpp"
#include "support/eventually.hpp"
#include "support/temporary_folder.hpp"

namespace {

bool has_chip() {
    static const bool kHasChip = dlsym(RTLD_DEFAULT, "virtual_gpiochip") != nullptr;
    if (!kHasChip) MESSAGE("skipped: no virtual chip; run it through ctest, which preloads one");
    return kHasChip;
}

/// A board with one chip on which a script hangs sensors.
class Board {
  public:
    Board() {
        folder_.write("gpiochip0", "");
        setenv("VIRTUAL_GPIO", folder_.path().c_str(), 1);
    }

    void play(const std::string& script) {
        // Renamed into place, so that nobody reads half of it.
        folder_.write("next", script);
        std::filesystem::rename(folder_.file("next"), folder_.file("script"));
    }

    void remove_chip() { std::filesystem::remove(folder_.file("gpiochip0")); }

    base::Result<std::unique_ptr<drivers::Driver>> make(const std::string& kind,
                                                        const std::string& keys) {
        auto settings = base::Settings::parse(
            fmt::format("name = \"it\"\ndevices = \"{}\"\n{}", folder_.path().string(), keys),
            "test.toml");
        REQUIRE(settings);
        auto table = std::move(settings).value();
        const auto* found = drivers::find_driver_kind(kind);
        REQUIRE(found != nullptr);
        auto driver = found->make(table, {.clock = clock_, .seed = 0, .position = std::nullopt});
        const auto valid = table.check();
        CHECK_MESSAGE(valid, (valid ? "" : valid.error().detail));
        return driver;
    }

    std::string refusal(const std::string& kind, const std::string& keys) {
        const auto driver = make(kind, keys);
        if (driver) return {};
        // Whom the line belongs to and whether there is a chip may change by itself.
        const auto& detail = driver.error().detail;
        const bool may_change = detail.find("in use by") != std::string::npos ||
                                detail.find("no GPIO chip") != std::string::npos ||
                                detail.find("no thread") != std::string::npos;
        CHECK((driver.error().fault == base::Fault::transient) == may_change);
        return detail;
    }

    base::Instant now() const { return clock_.instant(); }

  private:
    support::TemporaryFolder folder_;
    base::SystemClock clock_;
};

/// What one trigger came to: "temperature 23.4, humidity 45" or "checksum".
std::string reading(Board& board, drivers::Driver& driver) {
    driver.trigger(board.now());
    std::string said;
    support::eventually([&] {
        const auto harvest = driver.collect(board.now(), 100);
        for (const auto& measurement : harvest.measurements) {
            said += fmt::format("{}{} {:.4g}", said.empty() ? "" : ", ",
                                driver.quantities()[measurement.quantity].name, measurement.value);
        }
        for (const auto& failure : harvest.failures) {
            said += (said.empty() ? "" : ", ") + failure.reason;
        }
        return !said.empty();
    });
    return said;
}

std::string first_reading(Board& board, const std::string& kind, const std::string& keys) {
    auto driver = board.make(kind, keys);
    REQUIRE_MESSAGE(driver, (driver ? "" : driver.error().detail));
    const auto made = std::move(driver).value();
    return reading(board, *made);
}

constexpr const char* kDht11 = "model = \"dht11\"\nline = \"GPIO4\"\n";
constexpr const char* kDht22 = "model = \"dht22\"\nline = \"pinctrl-bcm2711:4\"\n";
constexpr const char* kSonar = "trigger = \"GPIO23\"\necho = \"GPIO24\"\npings = 3\n";
constexpr const char* kPir =
    "line = \"GPIO17\"\nwarm_up = \"0s\"\nhold = \"0s\"\ndebounce = \"0ms\"\n";

}  // namespace

TEST_CASE("a DHT11 and a DHT22 are read exactly, however the line is named") {
    if (!has_chip()) return;
    Board board;
    board.play("dht 4 45 0 23 4\n");
    CHECK(first_reading(board, "dht", kDht11) == "temperature 23.4, humidity 45");
    CHECK(first_reading(board, "dht", "model = \"dht11\"\nheader_pin = 7\n") ==
          "temperature 23.4, humidity 45");
    board.play("dht 4 2 140 128 101\n");
    CHECK(first_reading(board, "dht", kDht22) == "temperature -10.1, humidity 65.2");
}

TEST_CASE("each fault of a DHT has its reason, and the driver goes on when it is over") {
    if (!has_chip()) return;
    Board board;
    const std::pair<const char*, const char*> rows[] = {{"absent", "no response"},
                                                        {"stuck_low", "line stuck low"},
                                                        {"checksum", "checksum"},
                                                        {"short", "short frame"},
                                                        {"overflow", "events lost"}};
    for (const auto& row : rows) {
        const std::string fault = row.first;
        const std::string reason = row.second;
        CAPTURE(fault);
        board.play(fmt::format("dht 4 45 0 23 4\nfault 4 {}\n", fault));
        CHECK(first_reading(board, "dht", kDht11) == reason);
    }
    board.play("dht 4 45 0 23 4\nfault 4 absent\n");
    auto driver = board.make("dht", kDht11);
    REQUIRE(driver);
    const auto made = std::move(driver).value();
    CHECK(reading(board, *made) == "no response");
    board.play("dht 4 45 0 23 4\n");
    const auto failed = board.now();
    CHECK(reading(board, *made) == "no response");  // The one before, which is not tried again.
    CHECK(reading(board, *made).ends_with("temperature 23.4, humidity 45"));
    CHECK(board.now() - failed >= std::chrono::milliseconds{900});  // Not sooner than allowed.
}

TEST_CASE("a line to which nothing is connected has the level of its resistor") {
    if (!has_chip()) return;
    Board board;
    board.play("");
    CHECK(first_reading(board, "dht", kDht11) == "no response");  // Pulled up, and not stuck low.
    CHECK(first_reading(board, "pir", kPir) == "motion 0, occupied 0, stay 0");
    const auto up = std::string{kPir} + "bias = \"pull_up\"\n";
    CHECK(first_reading(board, "pir", up) == "motion 1, occupied 1, stay 0");
}

TEST_CASE("a DHT is left alone for as long as its model needs") {
    if (!has_chip()) return;
    Board board;
    board.play("dht 4 45 0 23 4\n");
    const std::pair<const char*, int> rows[] = {{kDht11, 1}, {kDht22, 2}};
    for (const auto& [keys, apart] : rows) {
        auto driver = board.make("dht", keys);
        REQUIRE(driver);
        CHECK(std::move(driver).value()->rest() == std::chrono::seconds{apart});
    }
}

TEST_CASE("a line that fails while it is in use is reported in the system's words") {
    if (!has_chip()) return;
    Board board;
    board.play("dht 4 45 0 23 4\n");
    auto driver = board.make("dht", kDht11);
    REQUIRE(driver);
    const auto made = std::move(driver).value();
    board.play("dht 4 45 0 23 4\nfault 4 config\n");
    CHECK(reading(board, *made) == "configure: Input/output error");
}

TEST_CASE("an HC-SR04 is read exactly, and each of its faults has its reason") {
    if (!has_chip()) return;
    Board board;
    board.play("sonar 23 24 5828\n");
    CHECK(first_reading(board, "ultrasonic", kSonar) == "distance 1, in_range 1");
    board.play("sonar 23 24 38000\n");
    CHECK(first_reading(board, "ultrasonic", kSonar) == "in_range 0");
    board.play("sonar 23 24 80\n");
    CHECK(first_reading(board, "ultrasonic", kSonar) == "too close");
    board.play("sonar 23 24 5828\nfault 24 absent\n");
    CHECK(first_reading(board, "ultrasonic", kSonar) == "no echo");
    board.play("sonar 23 24 5828\nfault 24 stuck_high\n");
    CHECK(first_reading(board, "ultrasonic", kSonar) == "stuck high");
}

TEST_CASE("an echo that never falls is reported, and so is the line that stays high after it") {
    if (!has_chip()) return;
    Board board;
    board.play("sonar 23 24 5828\nfault 24 never_falls\n");
    const std::string keys = "trigger = \"GPIO23\"\necho = \"GPIO24\"\npings = 1\n";
    auto driver = board.make("ultrasonic", keys);
    REQUIRE(driver);
    const auto made = std::move(driver).value();
    CHECK(reading(board, *made) == "stuck echo");
    CHECK(reading(board, *made) == "stuck high");
    board.play("sonar 23 24 5828\n");
    CHECK(reading(board, *made) == "distance 1, in_range 1");
}

TEST_CASE("motion is measured when the contact moves, and its level each period") {
    if (!has_chip()) return;
    Board board;
    board.play("level 17 1\n");
    auto driver = board.make("pir", kPir);
    REQUIRE(driver);
    const auto made = std::move(driver).value();
    CHECK(reading(board, *made) == "motion 1, occupied 1, stay 0");
    const auto wait = [&](std::size_t measurements) {
        drivers::Harvest all;
        support::eventually([&] {
            auto harvest = made->collect(board.now(), 100);
            for (auto& entry : harvest.measurements) all.measurements.push_back(entry);
            return all.measurements.size() >= measurements;
        });
        return all;
    };
    const auto before = board.now();
    board.play("level 17 0\n");
    const auto down = wait(3);
    REQUIRE(down.measurements.size() == 3);
    CHECK(down.measurements[0].value == 0);
    CHECK(down.measurements[0].taken >= before - std::chrono::milliseconds{2});
    CHECK(down.measurements[0].taken <= board.now());
    board.play("level 17 1\n");
    CHECK(wait(2).measurements.at(0).value == 1);
    CHECK(reading(board, *made).starts_with("motion 1, occupied 1, stay "));
}

TEST_CASE("a line that cannot be had says who has it, what exists, or what to do") {
    if (!has_chip()) return;
    Board board;
    board.play("busy 4 dht11@4\n");
    auto why = board.refusal("dht", kDht11);
    CHECK(why.find("GPIO4 is in use by \"dht11@4\"") != std::string::npos);

    why = board.refusal("dht", "model = \"dht11\"\nline = \"GPOI5\"\n");
    CHECK(why.find("no line is called GPOI5; the nearest are GPIO5") != std::string::npos);

    why = board.refusal("dht", "model = \"dht11\"\nline = \"pinctrl-bcm2712:4\"\n");
    CHECK(why.find("found pinctrl-bcm2711") != std::string::npos);

    board.play("label virtual\n");
    why = board.refusal("dht", "model = \"dht11\"\nheader_pin = 7\n");
    CHECK(why.find("header pin 7 (GPIO4) is on no chip") != std::string::npos);

    board.play("denied\n");
    why = board.refusal("dht", kDht11);
    CHECK(why.find("it belongs to the group dialout: usermod -aG dialout") != std::string::npos);

    board.remove_chip();
    why = board.refusal("dht", kDht11);
    CHECK(why.find("no GPIO chip in ") != std::string::npos);
}

TEST_CASE("a sensor for which the system has no thread cannot be opened, and later it can") {
    if (!has_chip()) return;
    Board board;
    const std::pair<const char*, const char*> rows[] = {{"dht", kDht11}, {"ultrasonic", kSonar}};
    for (const auto& [kind, keys] : rows) {
        CAPTURE(kind);
        board.play("dht 4 45 0 23 4\nsonar 23 24 5828\nno_threads\n");
        CHECK(board.refusal(kind, keys) ==
              "no thread to read it in: Resource temporarily unavailable");
        board.play("dht 4 45 0 23 4\nsonar 23 24 5828\n");
        CHECK(board.make(kind, keys));
    }
}

TEST_CASE("a PIR whose chip is gone has failed once for each reading that was due") {
    if (!has_chip()) return;
    Board board;
    board.play("level 17 1\n");
    auto driver = board.make("pir", kPir);
    REQUIRE(driver);
    const auto made = std::move(driver).value();
    CHECK(reading(board, *made) == "motion 1, occupied 1, stay 0");
    for (int outage = 0; outage < 2; ++outage) {
        board.play("level 17 1\ngone\n");
        std::uint64_t failed = 0;
        std::size_t told = 0;
        CHECK(support::eventually([&] {
            const auto harvest = made->collect(board.now(), 100);
            for (const auto& failure : harvest.failures) failed += failure.readings;
            told += harvest.failures.size();
            return told > 0;
        }));
        for (int due = 0; due < 3; ++due) {
            made->trigger(board.now());
            for (int tick = 0; tick < 3; ++tick) {
                const auto harvest = made->collect(board.now(), 100);
                told += harvest.failures.size();
                for (const auto& failure : harvest.failures) failed += failure.readings;
            }
        }
        CHECK(failed == 3);
        CHECK(told == 4);  // Once more: that the line is gone.
        board.play("level 17 1\n");
        CHECK(support::eventually(
            [&] { return reading(board, *made).starts_with("motion 1, occupied 1"); }));
    }
}

TEST_CASE("two sensors cannot have the same line, and a released one can be had again") {
    if (!has_chip()) return;
    Board board;
    board.play("dht 4 45 0 23 4\n");
    auto first = board.make("dht", kDht11);
    REQUIRE(first);
    CHECK(board.refusal("dht", kDht11).find("in use by \"leat:it\"") != std::string::npos);
    std::move(first).value().reset();
    CHECK(board.make("dht", kDht11));
}
