// Goal: the driver around the listener: it accepts no more than it can hand over, keeps each
// message's own time, and reports what its connection lost. Method: the test fills the connection.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <deque>

#include "broker/connection.hpp"
#include "drivers/mqtt/heard.hpp"
#include "drivers/mqtt/mqtt.hpp"

namespace {

using namespace std::chrono_literals;
using base::Instant;

struct FilledConnection final : broker::Connection {
    void tick(Instant) override {}
    std::uint64_t session() const override { return up ? 1 : 0; }
    base::Status publish(broker::Outgoing) override { return base::Done{}; }
    std::optional<broker::Message> take() override {
        if (messages.empty()) return std::nullopt;
        auto message = messages.front();
        messages.pop_front();
        return message;
    }
    std::string trouble() const override { return up ? "" : why; }
    std::uint64_t dropped() const override { return lost; }

    std::deque<broker::Message> messages;
    bool up = true;
    std::string why = "nobody listens";
    std::uint64_t lost = 0;
};

constexpr Instant at(base::Duration since_boot) {
    return Instant{since_boot};
}

struct Rig {
    explicit Rig(bool up = true) {
        auto filled = std::make_unique<FilledConnection>();
        filled->up = up;
        connection = filled.get();
        driver = std::make_unique<drivers::mqtt::Driver>(
            heard::options("format = \"plain\"\ntopics = [\"a/+\"]\nquantity = \"t:Cel\"\n"),
            std::move(filled), at(0s));
    }

    std::string reasons(Instant now) {
        std::string text;
        for (const auto& failure : driver->collect(now, 100).failures)
            text += failure.reason + "\n";
        return text;
    }

    FilledConnection* connection = nullptr;
    std::unique_ptr<drivers::mqtt::Driver> driver;
};

}  // namespace

TEST_CASE("a reading's time is when its message came in, not when there was room for it") {
    Rig rig;
    rig.connection->messages.push_back(
        {.topic = "a/b", .payload = "1", .retained = false, .arrived = at(5s)});
    const auto harvest = rig.driver->collect(at(60s), 100);
    REQUIRE(harvest.measurements.size() == 1);
    CHECK(harvest.measurements[0].taken == at(5s));
    CHECK_FALSE(harvest.measurements[0].source_time);
}

TEST_CASE("what does not fit waits in the connection, in order, and nothing is lost") {
    Rig rig;
    for (int i = 0; i < 10'000; ++i) {
        rig.connection->messages.push_back(
            {.topic = fmt::format("a/{}", i % 7), .payload = std::to_string(i)});
    }
    std::vector<double> values;
    std::size_t rounds = 0;
    for (; rounds < 200 && values.size() < 10'000; ++rounds) {
        const auto harvest = rig.driver->collect(at(1s), 100);
        CHECK(harvest.measurements.size() <= 100);
        CHECK(harvest.failures.empty());
        for (const auto& measurement : harvest.measurements) values.push_back(measurement.value);
    }
    REQUIRE(values.size() == 10'000);
    CHECK(rounds == 100);
    for (int i = 0; i < 10'000; ++i) CHECK(values[static_cast<std::size_t>(i)] == i);
    CHECK(rig.driver->quantities().size() == 7);
}

TEST_CASE("messages that the connection lost are all reported, at most once a minute") {
    Rig rig;
    rig.connection->lost = 3;
    CHECK(rig.reasons(at(1s)) == "messages lost since the start: 3\n");
    CHECK(rig.reasons(at(2s)).empty());
    rig.connection->lost = 4;
    CHECK(rig.reasons(at(3s)).empty());
    rig.connection->lost = 5;
    CHECK(rig.reasons(at(70s)) == "messages lost since the start: 5\n");
    CHECK(rig.reasons(at(200s)).empty());
}

TEST_CASE("a connection that has not been tried yet is not a failure, but one that failed is") {
    Rig rig{false};
    CHECK(rig.reasons(at(10s)).empty());
    rig.connection->why = "refused";
    CHECK(rig.reasons(at(11s)) == "broker: refused\n");
}

TEST_CASE("a broker that stays away is reported once, until the reason changes") {
    Rig rig;
    CHECK(rig.reasons(at(1s)).empty());
    rig.connection->up = false;
    CHECK(rig.reasons(at(2s)).empty());
    CHECK(rig.reasons(at(4s)) == "broker: nobody listens\n");
    CHECK(rig.reasons(at(60s)).empty());
    rig.connection->why = "bad password";
    CHECK(rig.reasons(at(61s)) == "broker: bad password\n");
    rig.connection->up = true;
    CHECK(rig.reasons(at(62s)).empty());
    rig.connection->up = false;
    CHECK(rig.reasons(at(70s)) == "broker: bad password\n");
}
