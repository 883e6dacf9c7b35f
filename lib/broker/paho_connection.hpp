#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/backoff.hpp"
#include "base/settings.hpp"
#include "broker/connection.hpp"

namespace broker {

struct Subscription {
    std::string filter;
    int qos = 1;
};

struct PahoOptions {
    std::string address = "tcp://127.0.0.1:1883";  // tcp:// or ssl://
    std::string client_id;
    std::string user;           // Empty: anonymous.
    std::string password_file;  // Read at every connect; never on argv or in the environment.
    std::string ca_file;        // For ssl://, which is TLS 1.2 or newer; empty: the system's.
    std::string certificate_file;
    std::string key_file;
    base::Duration keep_alive =
        std::chrono::seconds{20};  // A dead link is noticed within 1.5 of it.
    base::Duration connect_timeout = std::chrono::seconds{5};
    base::BackoffOptions backoff{};

    std::optional<Outgoing> will;
    std::vector<Subscription>
        subscriptions;  // Made again at every connect (clean start, expiry 0).

    /// Messages held for take(); more are dropped and counted (the sender's protocol sends again).
    std::size_t incoming_max = 1024;
    std::size_t incoming_bytes_max = 16 * 1024 * 1024;
    /// Publishes without a PUBACK yet. Stays below Mosquitto's receive maximum of 20, beyond which
    /// Paho C 1.3.12 stalls for a second.
    std::size_t in_flight_max = 16;
};

/// The keys of a `[broker]` table, the same in every program.
PahoOptions read_broker_settings(base::Settings& settings);

/// A connection through Eclipse Paho C++, MQTT 5. Paho's own reconnect, buffer and persistence stay
/// off. A session begins when the broker has confirmed all subscriptions. publish() is malformed
/// for what MQTT cannot carry and for more than 255 KiB; the broker does not send us larger
/// messages either. The destructor says goodbye as well (no will) and lasts up to a second.
class PahoConnection final : public Connection {
  public:
    PahoConnection(PahoOptions options, std::uint64_t seed);
    ~PahoConnection() override;
    PahoConnection(const PahoConnection&) = delete;
    PahoConnection& operator=(const PahoConnection&) = delete;

    void tick(base::Instant now) override;
    std::uint64_t session() const override;
    base::Status publish(Outgoing message) override;
    std::optional<Message> take() override;

    std::size_t payload_max(const std::string& topic) const override;
    std::optional<std::size_t> take_too_large() override;

    std::string trouble() const override;
    int refusal(const std::string& topic) const override;
    std::uint64_t refused() const override;
    std::uint64_t dropped() const override;

    /// Publishes that wait for their PUBACK: at 0 the broker has everything.
    std::size_t in_flight() const;

    /// Says goodbye properly, so that no will is sent; waits at most `patience`. For shutting down.
    void disconnect(base::Duration patience);

  private:
    class Client;
    std::unique_ptr<Client> client_;
};

}  // namespace broker
