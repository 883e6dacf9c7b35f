#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "wire/ack.hpp"
#include "wire/batch.hpp"

namespace bridge {

/// A node's batch on its way to the stream.
struct IngestRequest {
    std::string node;
    wire::BatchHeader header;
    std::vector<std::string> lines;
    std::vector<wire::ChainHash> chain;  // h of every line, h(base) … h(base + n - 1).
};

/// What was wrong with a dead letter; each is counted by itself.
enum class DeadCause { topic, payload };

/// A payload that cannot be a batch.
struct DeadLetter {
    std::string topic;
    std::string payload;
    std::string reason;
    DeadCause cause = DeadCause::payload;
};

/// Where batches become durable and duplicates are recognised. It makes all decisions of the
/// delivery protocol, atomically, so any number of bridges may share one store.
class Store {
  public:
    virtual ~Store() = default;

    /// Decides about every request in order, appends what is new, then waits for the durability
    /// barrier. Gives one answer per request; whatever an answer says is durable. A request that
    /// only a person can make possible is answered `busy` with the reason, see ask_to_wait(). After
    /// an error nothing is known and nothing may be acknowledged. Exhausted: the store has no room,
    /// and answers quickly.
    ///
    /// Of a new node nothing is stored before a batch with a record that fits its chain: whether it
    /// can be read does not matter. Once there are as many nodes as there may be, a new one is
    /// answered `busy` with the reason.
    virtual base::Result<std::vector<wire::Ack>> ingest(
        const std::vector<IngestRequest>& requests) = 0;

    /// Whether the store can be reached and promises durability. Misconfigured if it promises less
    /// than it should; the detail says what an operator must change.
    virtual base::Status check() = 0;

    /// Batches of new nodes that were refused because there are as many nodes as there may be.
    virtual std::uint64_t refused_nodes() const = 0;

    /// Keeps a payload for a person to look at. The store bounds how many it keeps. Malformed when
    /// only the place for them is of no use.
    virtual base::Status bury(const DeadLetter& letter) = 0;
};

/// Asks a node to keep its records and to try again. Says nothing about what is stored.
wire::Ack ask_to_wait(const IngestRequest& request, base::Duration retry_after, std::string reason,
                      base::EventTime now);

}  // namespace bridge
