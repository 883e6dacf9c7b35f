#pragma once

#include <string>

#include "base/clock.hpp"
#include "base/counters.hpp"
#include "base/result.hpp"
#include "bridge/store.hpp"

namespace bridge {

/// Why a message was neither answered nor kept as a dead letter.
enum class Dropped {
    store_away,    // Redis was away, so nothing could be acknowledged.
    store_failed,  // Redis failed while the message was on its way: it may or may not be stored.
};

/// Counts what the bridge has done. Decides nothing.
class Tally {
  public:
    void answered(const IngestRequest& request, const wire::Ack& ack);
    void died(const DeadLetter& letter);
    void dropped(Dropped why, std::uint64_t messages);
    void unburied() { counter("dead_letters_not_kept_total", "Dead letters only counted.").add(); }
    void acks_lost(std::uint64_t acks);
    void failed(base::Fault fault);

    std::uint64_t batches(wire::Answer answer) const;
    std::uint64_t records() const;
    std::uint64_t bytes() const;
    std::uint64_t dead(DeadCause cause) const;
    std::uint64_t dropped(Dropped why) const;
    std::uint64_t lost_acks() const;
    std::uint64_t failures() const;

    const base::Counters& counters() const { return counters_; }

  private:
    base::Counter& counter(const std::string& name, const std::string& help,
                           std::vector<base::Label> labels = {});
    std::uint64_t value(const std::string& name, const std::vector<base::Label>& labels = {}) const;

    base::Counters counters_;
};

/// What a bridge says about itself on its retained status topic.
struct BridgeStatus {
    std::string state;  // "ready", "disconnected", or "lost" in the will.
    std::string version;
    std::string redis;  // "ready", or why it is not.
    base::Duration uptime{};
    base::EventTime now;
    std::uint64_t mailbox_full = 0;   // Messages that the connection dropped before the bridge.
    std::uint64_t nodes_refused = 0;  // Batches of new nodes, refused as there are too many.
};

std::string encode_status(const BridgeStatus& status, const Tally& tally);

/// The will: nothing but the state.
std::string encode_will();

}  // namespace bridge
