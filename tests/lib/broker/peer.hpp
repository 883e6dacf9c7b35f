#pragma once

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "base/clock.hpp"
#include "broker/paho_connection.hpp"
#include "support/eventually.hpp"
#include "support/servers.hpp"

/// A connection in a test, with a loop that drives it.
class Peer {
  public:
    explicit Peer(broker::PahoOptions options) : connection(std::move(options), 1) {}

    void tick() { connection.tick(clock_.instant()); }

    template <class Predicate>
    bool until(Predicate predicate, base::Duration timeout = std::chrono::seconds{15}) {
        return support::eventually(
            [&] {
                tick();
                return predicate();
            },
            timeout);
    }

    bool connect() {
        return until([this] { return connection.session() != 0; });
    }

    /// The next message; fails the test if none comes.
    broker::Message next() {
        std::optional<broker::Message> message;
        until([&] { return (message = connection.take()).has_value(); });
        REQUIRE(message.has_value());
        return *message;
    }

    /// Publishes, waiting for a place in the window.
    bool send(const broker::Outgoing& message) {
        return until([&] { return bool(connection.publish(message)); });
    }

    broker::PahoConnection connection;

  private:
    base::SystemClock clock_;
};

inline broker::PahoOptions options_for(const support::Mosquitto& broker, const std::string& id,
                                       std::vector<broker::Subscription> subscriptions = {}) {
    broker::PahoOptions options;
    options.address = broker.url();
    options.client_id = id;
    options.subscriptions = std::move(subscriptions);
    options.backoff = {.first = std::chrono::milliseconds{50},
                       .longest = std::chrono::milliseconds{200}};
    return options;
}
