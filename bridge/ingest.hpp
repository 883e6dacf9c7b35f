#pragma once

#include <variant>

#include "bridge/store.hpp"
#include "broker/connection.hpp"
#include "wire/chain.hpp"
#include "wire/topic.hpp"

namespace bridge {

/// Turns a message into a request to the store: a batch in its parts, with the chain value of each
/// line. A message that is not a batch becomes a dead letter that says why. Does no I/O, keeps
/// nothing, and reads record lines only until one is valid.
class Ingest {
  public:
    explicit Ingest(wire::Topics topics) : topics_(std::move(topics)) {}

    using Decision = std::variant<IngestRequest, DeadLetter>;
    Decision decide(broker::Message message) const;

  private:
    wire::Topics topics_;
    wire::Chain chain_;
};

}  // namespace bridge
