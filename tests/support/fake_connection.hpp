#pragma once

#include <algorithm>
#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "broker/connection.hpp"

namespace support {

/// A broker that does what the test says: keeps what was published, hands out what was put in.
class FakeConnection final : public broker::Connection {
  public:
    void tick(base::Instant) override {}
    std::uint64_t session() const override { return session_; }

    base::Status publish(broker::Outgoing message) override {
        ++offered;
        if (session_ == 0 || refuses) return base::Error{base::Fault::transient, "no connection"};
        if (message.payload.size() > says_max) return base::Error{base::Fault::malformed, "size"};
        if (message.payload.size() > refuses_above) too_large = message.payload.size();
        const auto most = std::min(refuses_above, drops_above);
        if (message.payload.size() <= most) published.push_back(std::move(message));
        return base::Done{};
    }

    std::size_t payload_max(const std::string&) const override { return says_max; }
    std::optional<std::size_t> take_too_large() override {
        return std::exchange(too_large, std::nullopt);
    }

    int refusal(const std::string& topic) const override {
        const auto found = refusals.find(topic);
        return found == refusals.end() ? 0 : found->second;
    }
    std::uint64_t refused() const override { return refusals.size(); }

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
    std::size_t offered = 0;  // Whatever became of it.
    bool refuses = false;

    // Larger payloads: not accepted, as said at the connect; refused afterwards; lost in silence.
    std::size_t says_max = broker::kPayloadMax;
    std::size_t refuses_above = broker::kPayloadMax;
    std::size_t drops_above = broker::kPayloadMax;
    std::optional<std::size_t> too_large{};

    std::map<std::string, int> refusals;  // By topic: the broker's reason codes.

  private:
    std::uint64_t session_ = 0;
    std::uint64_t sessions_ = 0;
};

}  // namespace support
