#pragma once

#include <map>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "central/ingest/source.hpp"
#include "central/pipeline/chronicle.hpp"

namespace central {

/// Makes nodes send again what is missing. For a while after that, more entries beyond the same
/// hole are expected: the bridge had appended them before it knew.
class Rewinds {
  public:
    Rewinds(ingest::Source& source, std::string chain_key, base::Duration pause)
        : source_(source), chain_key_(std::move(chain_key)), pause_(pause) {}

    /// Sets the node's durable mark in the source back to its applied one. A mark of 0 stands for
    /// the very beginning.
    base::Status rewind(std::uint32_t partition, ingest::AppliedMark applied, base::Instant now);

    bool expects_hole(const Chronicle& chronicle, base::Instant now) const;

    /// The hole is closed.
    void forget(const std::string& node, wire::Incarnation incarnation);

  private:
    ingest::Source& source_;
    std::string chain_key_;
    base::Duration pause_;
    std::map<Chronicle, base::Instant> expected_until_;
};

}  // namespace central
