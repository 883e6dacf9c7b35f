#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/counters.hpp"
#include "broker/connection.hpp"

namespace alerts {

struct RetainedOptions {
    std::string output;  // Whose it is, in counters and in the log: "mqtt".
    std::string area;    // "leat/v1/alert/house/": all below it is ours, and is subscribed to.

    /// From the beginning of a session until the broker has told what it holds.
    base::Duration settle = std::chrono::seconds{1};

    std::size_t publishes_per_tick_max = 4;  // Central's own status shares the connection.
    std::size_t topics_max = 20'000;
};

/// Keeps retained messages at the broker as they should be, through its restarts and ours: what it
/// lacks is sent, what nobody wants any more in our area is removed. Sends only what differs from
/// what the broker holds, so that nobody hears a thing twice. Never blocks; what a broker that is
/// away should hold, it gets later.
class Retained {
  public:
    Retained(RetainedOptions options, broker::Connection& connection, base::Counters& counters);

    /// From now on the broker should hold this; an empty payload: nothing. Topics beyond the area
    /// are sent again in every session, as nobody tells us what the broker holds there.
    void want(const std::string& topic, const std::string& payload);

    bool is_wanted(const std::string& topic) const;

    /// Notes what the broker holds in our area. False for any other message.
    bool accept(const broker::Message& message);

    void tick(base::Instant now);

    /// Whether everything about this topic was sent.
    bool is_done(const std::string& topic) const;

    /// Why the broker does not take what it is sent, for people; empty when it does, and when it is
    /// away.
    const std::string& trouble() const { return trouble_; }

  private:
    struct Topic {
        std::string wanted;
        std::optional<std::string> held;  // What the broker has; nothing: not known.
        bool is_due = false;              // Listed in due_.

        bool is_done() const { return held == wanted; }
    };

    bool is_ours(const std::string& topic) const { return topic.starts_with(options_.area); }
    void observe_session();
    void compare();
    void make_due(const std::string& name, Topic& topic);
    bool publish(const std::string& name);
    void refuse(const std::string& why);
    void observe_refusal();

    RetainedOptions options_;
    broker::Connection& connection_;
    base::Counters& counters_;
    std::map<std::string, Topic> topics_;
    std::deque<std::string> due_;  // In the order in which they were wanted.
    std::uint64_t session_ = 0;
    std::optional<base::Instant> settled_at_;
    bool is_compared_ = false;  // What we want, with what the broker holds.
    std::string last_;          // The topic that was published last, until it is refused.
    std::string trouble_;
};

}  // namespace alerts
