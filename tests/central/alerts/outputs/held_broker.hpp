#pragma once

#include <map>
#include <string>
#include <vector>

#include "broker/connection.hpp"

namespace alerts_test {

/// A broker that keeps retained messages, and the connection to it, in the hands of a test.
class HeldBroker final : public broker::Connection {
  public:
    void tick(base::Instant) override {}
    std::uint64_t session() const override { return session_number; }
    base::Status publish(broker::Outgoing message) override {
        if (session_number == 0) return base::Error{base::Fault::transient, "away"};
        if (room == 0) return base::Error{base::Fault::exhausted, "too much on its way"};
        --room;
        if (message.payload.empty()) {
            held.erase(message.topic);
        } else {
            held[message.topic] = message.payload;
        }
        published.push_back(std::move(message));
        return base::Done{};
    }
    std::optional<broker::Message> take() override { return std::nullopt; }
    int refusal(const std::string&) const override { return refusal_code; }

    /// What it sends to whom subscribes.
    template <class Accept>
    void tell(const std::string& area, Accept accept) const {
        for (const auto& [topic, payload] : held) {
            if (!topic.starts_with(area)) continue;
            accept(broker::Message{.topic = topic, .payload = payload, .retained = true});
        }
    }
    void lose_everything() { held.clear(); }

    std::uint64_t session_number = 1;
    std::size_t room = 1'000'000;
    int refusal_code = 0;
    std::map<std::string, std::string> held;
    std::vector<broker::Outgoing> published;
};

}  // namespace alerts_test
