#include "drivers/dht/capture.hpp"

#include <doctest/doctest.h>

#include "drivers/dht/decode.hpp"
#include "drivers/dht/dht.hpp"
#include "drivers/gpio/fake_line.hpp"
#include "drivers/gpio/pulse_frames.hpp"
#include "support/eventually.hpp"
#include "support/temporary_folder.hpp"

using drivers::dht::Captured;
using drivers::dht::Model;
using drivers::dht::PulseCapture;
using drivers::gpio::LineMode;

namespace {

drivers::gpio::Edges falling(const std::vector<std::int64_t>& falls_ns) {
    drivers::gpio::Edges edges;
    for (const auto fall : falls_ns) edges.edges.push_back({.time_ns = fall, .rising = false});
    return edges;
}

std::vector<std::int64_t> frame() {
    base::Random random(1);
    return pulse::falls_of(pulse::with_checksum({45, 0, 23, 4}), pulse::kDht11, random);
}

struct Rig {
    std::unique_ptr<pulse::FakeLine> owned = std::make_unique<pulse::FakeLine>();
    pulse::FakeLine& line = *owned;
    PulseCapture capture{std::move(owned), Model::dht11};

    /// The sensor answers with these edges after the start pulse.
    void answer(drivers::gpio::Edges edges) {
        line.script.push_back({});  // The start pulse's own wait.
        line.script.push_back(std::move(edges));
    }
};

std::string reason(const Captured& captured) {
    return captured.climate ? "" : captured.climate.refusal().reason;
}

}  // namespace

TEST_CASE("a reading holds the line low, releases it, and records falling edges only") {
    Rig rig;
    rig.answer(falling(frame()));
    const auto outcome = rig.capture.read();
    REQUIRE(outcome.climate);
    CHECK(outcome.climate.value() == drivers::dht::Climate{45, 23.4});
    REQUIRE(rig.line.modes.size() == 4);
    CHECK(rig.line.modes[1].direction == LineMode::Direction::output);
    CHECK_FALSE(rig.line.modes[1].level);
    CHECK(rig.line.waits[0] == std::chrono::milliseconds{18});
    CHECK(rig.line.modes[2].direction == LineMode::Direction::input);
    CHECK(rig.line.modes[2].edges == LineMode::Edges::falling);
    CHECK(rig.line.modes[2].bias == LineMode::Bias::pull_up);
    CHECK(rig.line.modes[3] == PulseCapture::resting());
    CHECK(rig.line.sets.empty());  // Never driven high: the sensor may be answering.
}

TEST_CASE("a frame that comes in pieces is one frame") {
    Rig rig;
    const auto falls = frame();
    rig.answer(falling({falls.begin(), falls.begin() + 5}));
    rig.line.script.push_back(falling({falls.begin() + 5, falls.end()}));
    CHECK(rig.capture.read().climate);
}

TEST_CASE("a capture waits long for the first edge, and ends when a frame is whole or too long") {
    pulse::FakeLine* line = nullptr;
    const auto read = [&line](const std::vector<std::vector<std::int64_t>>& pieces) {
        auto owned = std::make_unique<pulse::FakeLine>();
        line = owned.get();
        line->script.push_back({});  // The start pulse's own wait.
        for (const auto& piece : pieces) line->script.push_back(falling(piece));
        auto capture = std::make_unique<PulseCapture>(std::move(owned), Model::dht22);
        static_cast<void>(capture->read());
        return capture;
    };
    std::vector<std::int64_t> falls;
    for (int i = 0; i < 66; ++i) falls.push_back(i * 76'000);  // As many as an AM2301 sends.
    const auto whole =
        read({{falls.begin(), falls.begin() + 42}, {falls.begin() + 42, falls.end()}});
    CHECK(line->script.empty());
    REQUIRE(line->waits.size() == 3);
    CHECK(line->waits[1] == std::chrono::milliseconds{50});
    CHECK(line->waits[2] == std::chrono::milliseconds{10});

    std::vector<std::vector<std::int64_t>> slow;
    for (int i = 0; i < 60; ++i) slow.push_back({i * 2'000'000});
    const auto endless = read(slow);
    CHECK(line->waits.size() == 1 + 27);  // 50 ms of it.
}

TEST_CASE("a good frame does not count when the line cannot be put to rest") {
    Rig rig;
    rig.answer(falling(frame()));
    rig.line.on_configure = [&](const LineMode& mode) {
        rig.line.broken = mode == PulseCapture::resting();
    };
    CHECK(reason(rig.capture.read()) == "configure: broken");
}

TEST_CASE("each way in which a capture fails has its reason, with the edges so far") {
    SUBCASE("silence") {
        Rig rig;
        CHECK(reason(rig.capture.read()) == "no response");
    }
    SUBCASE("low before the start") {
        Rig rig;
        rig.line.high = false;
        CHECK(reason(rig.capture.read()) == "line stuck low");
    }
    SUBCASE("few edges") {
        Rig rig;
        rig.answer(falling({1000, 161'000, 239'000}));
        const auto outcome = rig.capture.read();
        CHECK(reason(outcome) == "short frame");
        CHECK(outcome.edges_us == std::vector<double>{0, 160, 238});
    }
    SUBCASE("the kernel's buffer overflowed") {
        Rig rig;
        auto edges = falling(frame());
        edges.lost = 3;
        rig.answer(std::move(edges));
        CHECK(reason(rig.capture.read()) == "events lost");
    }
    SUBCASE("the line is gone") {
        Rig rig;
        rig.line.broken = true;
        CHECK(reason(rig.capture.read()) == "configure: broken");
    }
}

TEST_CASE("the kernel's driver is read through sysfs") {
    const support::TemporaryFolder root;
    CHECK_FALSE(drivers::dht::IioCapture::open(root.path(), "", Model::dht22));
    std::filesystem::create_directory(root.path() / "iio:device0");
    root.write("iio:device0/in_temp_input", "-5100\n");
    root.write("iio:device0/in_humidityrelative_input", "47600\n");
    auto source = drivers::dht::IioCapture::open(root.path(), "", Model::dht22);
    REQUIRE(source);
    const auto outcome = std::move(source).value()->read();
    REQUIRE(outcome.climate);
    CHECK(outcome.climate.value() == drivers::dht::Climate{47.6, -5.1});
}

TEST_CASE("the kernel's values must be plausible too, and the device must be unambiguous") {
    const support::TemporaryFolder root;
    for (const char* name : {"iio:device0", "iio:device1"}) {
        std::filesystem::create_directory(root.path() / name);
        root.write(std::string(name) + "/in_temp_input", "145000\n");
        root.write(std::string(name) + "/in_humidityrelative_input", "47600\n");
    }
    const auto both = drivers::dht::IioCapture::open(root.path(), "", Model::dht22);
    REQUIRE_FALSE(both);
    CHECK(both.error().detail.find("iio_device") != std::string::npos);
    auto one = drivers::dht::IioCapture::open(root.path(), "iio:device1", Model::dht22);
    REQUIRE(one);
    CHECK(reason(std::move(one).value()->read()) == "implausible");
}

TEST_CASE("an error of the kernel's driver is a damaged frame") {
    const support::TemporaryFolder root;
    std::filesystem::create_directory(root.path() / "iio:device0");
    // Its beginning cannot be read: EIO.
    std::filesystem::create_symlink("/proc/self/mem", root.path() / "iio:device0/in_temp_input");
    root.write("iio:device0/in_humidityrelative_input", "47600\n");
    auto source = drivers::dht::IioCapture::open(root.path(), "", Model::dht22);
    REQUIRE(source);
    const auto outcome = std::move(source).value()->read();
    REQUIRE_FALSE(outcome.climate);
    CHECK(outcome.climate.refusal().sign == drivers::Sign::checksum);
}

namespace {

/// Answers what the test queued, then fails.
class FakeCapture final : public drivers::dht::Capture {
  public:
    explicit FakeCapture(std::vector<Captured> outcomes) : outcomes_(std::move(outcomes)) {}
    Captured read() override {
        if (next_ < outcomes_.size()) return outcomes_[next_++];
        return {drivers::dht::no_response(), {}};
    }

  private:
    std::vector<Captured> outcomes_;
    std::size_t next_ = 0;
};

drivers::Harvest wait_for_harvest(drivers::dht::Driver& driver, base::Instant now) {
    drivers::Harvest harvest;
    support::eventually([&] {
        harvest = driver.collect(now, 10);
        return !harvest.measurements.empty() || !harvest.failures.empty();
    });
    return harvest;
}

}  // namespace

TEST_CASE("the driver reports a failure, tries again, and yields both quantities") {
    const Captured bad{drivers::dht::wrong_checksum(), {0, 160}};
    drivers::dht::Driver driver({}, std::make_unique<FakeCapture>(std::vector<Captured>{
                                        bad, {drivers::dht::Climate{45, 23.4}, {}}}));
    base::Instant now{std::chrono::hours{1}};
    driver.trigger(now);
    const auto first = wait_for_harvest(driver, now);
    REQUIRE(first.failures.size() == 1);
    CHECK(first.failures[0].reason == "checksum");
    CHECK(first.failures[0].sign == drivers::Sign::checksum);
    CHECK(first.failures[0].edges_us == std::vector<double>{0, 160});
    now += std::chrono::seconds{2};
    const auto second = wait_for_harvest(driver, now);
    REQUIRE(second.measurements.size() == 2);
    CHECK(second.measurements[0].value == 23.4);
    CHECK(second.measurements[1].value == 45);
    CHECK(second.measurements[1].taken == now);
    CHECK(driver.state() == drivers::dht::Cadence::State::ok);
}

TEST_CASE("a jump of either quantity waits for a second reading that confirms it") {
    for (const auto& odd : {drivers::dht::Climate{90, 23.4}, drivers::dht::Climate{45, 40}}) {
        drivers::dht::Driver driver(
            {}, std::make_unique<FakeCapture>(std::vector<Captured>{
                    {drivers::dht::Climate{45, 23.4}, {}}, {odd, {}}, {odd, {}}}));
        CHECK(driver.rest() == std::chrono::seconds{2});
        base::Instant now{std::chrono::hours{1}};
        driver.trigger(now);
        CHECK(wait_for_harvest(driver, now).measurements.size() == 2);
        now += std::chrono::seconds{2};
        driver.trigger(now);
        const auto jump = wait_for_harvest(driver, now);
        REQUIRE(jump.failures.size() == 1);
        CHECK(jump.failures[0].reason == "jump not confirmed");
        now += std::chrono::seconds{2};
        CHECK(wait_for_harvest(driver, now).measurements.size() == 2);
    }
}

TEST_CASE("a period that is too short for the sensor is a failure") {
    drivers::dht::Driver driver({}, std::make_unique<FakeCapture>(std::vector<Captured>{
                                        {drivers::dht::Climate{45, 23.4}, {}}}));
    const base::Instant now{std::chrono::hours{1}};
    driver.trigger(now);
    driver.trigger(now + std::chrono::milliseconds{500});
    drivers::Harvest harvest;
    support::eventually([&] {
        harvest = driver.collect(now, 10);
        return !harvest.failures.empty();
    });
    REQUIRE(harvest.failures.size() == 1);
    CHECK(harvest.failures[0].reason == "rate limited");
}
