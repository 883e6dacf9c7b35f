#pragma once

#include <algorithm>
#include <deque>
#include <optional>
#include <vector>

#include "base/json.hpp"
#include "broker/connection.hpp"

namespace bridge_test {

/// A broker connection in the hands of a test.
class ManualConnection final : public broker::Connection {
  public:
    void tick(base::Instant) override {}
    std::uint64_t session() const override { return session_number; }

    base::Status publish(broker::Outgoing message) override {
        using base::Fault;
        if (session_number == 0) return base::Error{Fault::transient, "no connection"};
        if (room == 0) return base::Error{Fault::exhausted, "too much on its way"};
        --room;
        published.push_back(std::move(message));
        return base::Done{};
    }

    std::optional<broker::Message> take() override {
        if (incoming.empty()) return std::nullopt;
        auto message = std::move(incoming.front());
        incoming.pop_front();
        return message;
    }

    std::uint64_t dropped() const override { return dropped_number; }

    /// What was published to topics that end like this, oldest first.
    std::vector<broker::Outgoing> published_to(std::string_view leaf) const {
        std::vector<broker::Outgoing> found;
        std::copy_if(published.begin(), published.end(), std::back_inserter(found),
                     [&](const auto& message) { return message.topic.ends_with(leaf); });
        return found;
    }

    std::uint64_t session_number = 1;
    std::uint64_t dropped_number = 0;
    std::size_t room = 1'000'000;
    std::deque<broker::Message> incoming;
    std::vector<broker::Outgoing> published;
};

}  // namespace bridge_test
