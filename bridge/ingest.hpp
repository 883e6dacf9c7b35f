#pragma once

#include <variant>

#include "bridge/store.hpp"
#include "broker/connection.hpp"
#include "wire/chain.hpp"
#include "wire/topic.hpp"

namespace bridge {

/// Turns a message into what the store is asked: a batch taken apart with the chain value of each
/// line, or a dead letter that says why it is none. Does no I/O, keeps nothing, looks into no
/// record line.
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
