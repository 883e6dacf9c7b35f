#pragma once

#include <deque>
#include <string>
#include <vector>

#include "broker/connection.hpp"

namespace agent_test {

/// A broker that does what the test says: keeps what was published, hands out what was put in.
class FakeConnection final : public broker::Connection {
  public:
    void tick(base::Instant) override {}
    std::uint64_t session() const override { return session_; }

    base::Status publish(broker::Outgoing message) override {
        if (session_ == 0 || refuses) return base::Error{base::Fault::transient, "no connection"};
        published.push_back(std::move(message));
        return base::Done{};
    }

    std::optional<broker::Message> take() override {
        if (inbox.empty()) return std::nullopt;
        auto message = std::move(inbox.front());
        inbox.pop_front();
        return message;
    }

    void connect() { session_ = ++sessions_; }
    void disconnect() { session_ = 0; }

    /// The messages of one topic since the last clear().
    std::vector<broker::Outgoing> on(const std::string& topic) const {
        std::vector<broker::Outgoing> result;
        for (const auto& message : published) {
            if (message.topic == topic) result.push_back(message);
        }
        return result;
    }

    std::vector<broker::Outgoing> published;
    std::deque<broker::Message> inbox;
    bool refuses = false;

  private:
    std::uint64_t session_ = 0;
    std::uint64_t sessions_ = 0;
};

}  // namespace agent_test
