#pragma once

#include <string>
#include <thread>

/// Speaks just enough MQTT 5 to misbehave in ways that are hard to provoke in a real broker. Serves
/// one client after another on a free port of 127.0.0.1.
class FakeBroker {
  public:
    enum class Manner {
        says_nothing,           // Accepts, and never answers the CONNECT.
        refuses_subscriptions,  // Answers every SUBSCRIBE with 0x87, not authorized.
        pushes_out,             // Answers the CONNECT, then DISCONNECT with 0x8E.
        finds_it_too_large,     // Answers every PUBLISH with DISCONNECT 0x95.
    };

    explicit FakeBroker(Manner manner);
    ~FakeBroker();
    FakeBroker(const FakeBroker&) = delete;
    FakeBroker& operator=(const FakeBroker&) = delete;

    std::string url() const { return "tcp://127.0.0.1:" + std::to_string(port_); }

  private:
    void serve();
    void serve_one(int client);
    void answer(int client, int type, const std::string& body);

    Manner manner_;
    int port_ = 0;
    int listener_ = -1;
    std::thread thread_;
};
