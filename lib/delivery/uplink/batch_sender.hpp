#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/counters.hpp"
#include "broker/connection.hpp"
#include "delivery/outbox/outbox.hpp"
#include "delivery/uplink/batch_limit.hpp"

namespace delivery {

/// Sends committed records as batches, and probes. Decides neither what to send nor when, and waits
/// for no answer.
class BatchSender {
  public:
    struct Options {
        std::string topic;
        base::Duration expiry{};
    };

    /// The result of an attempt to send. With none of these, there was nothing to send or the
    /// connection accepts nothing now; the next tick tries again.
    struct Attempt {
        std::optional<SentBatch> sent{};
        std::optional<std::uint64_t> damaged{};  // This record cannot be sent: the card damaged it.
        std::optional<SentBatch> too_large{};    // A record that the broker does not accept.
    };

    BatchSender(Options options, Outbox& outbox, broker::Connection& connection,
                const base::Clock& clock, base::Counters& counters)
        : options_(std::move(options)),
          outbox_(outbox),
          connection_(connection),
          clock_(clock),
          counters_(counters) {}

    /// Sends as many records as fit into one batch of `bytes_max`, at most `records_max`: those
    /// from `first` on, or from the next one stored. They are reserved first. A record that is
    /// larger goes alone. An error is the outbox's.
    base::Result<Attempt> send(std::uint64_t first, std::size_t records_max, std::size_t bytes_max);

    /// Sends an empty batch, which asks for the marks. False when the connection accepts nothing
    /// now.
    base::Result<bool> send_probe();

  private:
    using Records = std::vector<StoredRecord>;

    bool publish(std::string payload);
    base::Result<std::string> encode(std::uint64_t first, const Records& records) const;

    Options options_;
    Outbox& outbox_;
    broker::Connection& connection_;
    const base::Clock& clock_;
    base::Counters& counters_;
};

}  // namespace delivery
