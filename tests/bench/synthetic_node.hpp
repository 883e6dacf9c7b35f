#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "broker/connection.hpp"
#include "wire/batch.hpp"
#include "wire/chain.hpp"
#include "wire/topic.hpp"

namespace bench {

struct SyntheticOptions {
    std::string name;
    std::size_t batches = 0;
    std::size_t records_per_batch = 1;
    std::size_t readings_per_record = 10;
    base::Duration between{};  // Batches; zero: as fast as they are acknowledged.
};

/// A node whose batches are made beforehand, so that a benchmark measures only the other parts. It
/// keeps two batches on their way, as a real node does.
class SyntheticNode {
  public:
    explicit SyntheticNode(const SyntheticOptions& options);

    /// Sends what the window and the pace allow.
    void send(broker::Connection& connection, base::Instant now);

    /// An acknowledgement on the node's topic.
    void hear(const std::string& payload, base::Instant now);

    /// Sends again after a silence: the relay is lossy.
    void resend_after(base::Duration silence, base::Instant now);

    bool done() const { return acknowledged_ == batches_.size(); }

    /// How long each batch took from its sending until its node heard that it was applied; without
    /// the last ones.
    const std::vector<base::Duration>& delays() const { return delays_; }

    std::uint64_t messages() const { return batches_.size(); }
    std::uint64_t readings() const { return readings_; }
    std::string ack_topic() const { return wire::Topics{}.ack(name_); }

  private:
    struct Sent {
        std::string payload;
        std::uint64_t last = 0;  // Highest sequence number in it.
        base::Instant sent_at{};
    };

    std::string name_;
    std::vector<Sent> batches_;
    std::size_t sent_ = 0;
    std::size_t acknowledged_ = 0;
    std::size_t applied_ = 0;
    base::Duration between_;
    std::vector<base::Duration> delays_;
    std::optional<base::Instant> begun_;
    std::uint64_t readings_ = 0;
    base::Instant heard_{};
};

}  // namespace bench
