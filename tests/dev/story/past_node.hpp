#pragma once

#include <memory>
#include <string>

#include "agent/config/config.hpp"
#include "base/counters.hpp"
#include "delivery/outbox/sqlite_outbox.hpp"
#include "dev/story/plot.hpp"

namespace story {

/// A node while it lived through the story: its sensors, its clock and its outbox, as its
/// configuration says, with the agent's own sampler and committer. Time passes as fast as the
/// machine can; nothing is sent (Delivery does that).
class PastNode {
  public:
    /// Opens the outbox. `end` is when the story ends.
    static base::Result<std::unique_ptr<PastNode>> open(agent::Config config, base::EventTime end);
    ~PastNode();
    PastNode(const PastNode&) = delete;
    PastNode& operator=(const PastNode&) = delete;

    /// Lives until then. Misconfigured if a sensor cannot be made.
    base::Status live_until(base::EventTime until);

    /// The centre has everything up to this record.
    void settle(std::uint64_t seq) { settled_ = seq; }

    /// It has no network just then.
    bool is_offline() const;

    const agent::Config& config() const { return config_; }
    const Life& life() const { return life_; }
    delivery::Outbox& outbox() { return *outbox_; }

  private:
    struct Boot;

    PastNode(agent::Config config, std::unique_ptr<delivery::SqliteOutbox> outbox,
             base::EventTime end);

    base::Status follow_power();
    base::Status begin_boot(bool knows_time);
    base::Status end_boot();
    bool is_flush_due() const;
    void flush();
    base::Status commit();

    agent::Config config_;
    Life life_;
    std::unique_ptr<delivery::SqliteOutbox> outbox_;
    base::Counters counters_;
    base::EventTime end_;
    base::EventTime now_;
    std::uint64_t settled_ = 0;
    delivery::Flush waiting_;  // To be committed.
    std::uint64_t boots_ = 0;
    std::unique_ptr<Boot> boot_;  // None while the power is off.
};

}  // namespace story
