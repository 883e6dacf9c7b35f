#include "program/broker_news.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "support/captured.hpp"

namespace {

base::Instant at(int second) {
    return base::Instant{} + std::chrono::seconds{second};
}

/// A connection whose state the test decides.
class Connection final : public broker::Connection {
  public:
    void tick(base::Instant) override {}
    std::uint64_t session() const override { return why.empty() ? 1 : 0; }
    base::Status publish(broker::Outgoing) override { return base::Done{}; }
    std::optional<broker::Message> take() override { return std::nullopt; }
    std::string trouble() const override { return why; }

    std::string why = "not connected yet";
};

std::size_t lines_of(const std::string& text) {
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace

TEST_SUITE("program/broker_news") {
    TEST_CASE("what changes is reported at once, what lasts once a minute") {
        Connection connection;
        const support::Captured err{2};
        program::BrokerNews news(connection, "tcp://house:1883", at(0));
        news.tick(at(1));
        CHECK(err.text().empty());  // The first state is not reported.
        connection.why = "wrong password";
        for (int second = 2; second < 62; ++second) news.tick(at(second));
        CHECK(lines_of(err.text()) == 1);
        CHECK(err.text().find("event=\"broker cannot be used\" broker=tcp://house:1883 "
                              "reason=\"wrong password\"") != std::string::npos);
        news.tick(at(62));
        CHECK(lines_of(err.text()) == 2);
        connection.why.clear();
        for (int second = 63; second < 200; ++second) news.tick(at(second));
        CHECK(lines_of(err.text()) == 3);
        CHECK(err.text().find("event=\"broker is ready\"") != std::string::npos);
    }

    TEST_CASE("a broker that never answers is reported after a minute, too") {
        Connection connection;
        const support::Captured err{2};
        program::BrokerNews news(connection, "tcp://house:1883", at(0));
        news.tick(at(59));
        CHECK(err.text().empty());
        news.tick(at(60));
        CHECK(lines_of(err.text()) == 1);
    }
}
