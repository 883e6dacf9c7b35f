#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "agent/outbox/outbox.hpp"
#include "base/counters.hpp"

namespace agent {

/// What a node's status says of its counters: whatever was refused, dropped, held back, failed or
/// done again, summed over labels; only what is not 0. `messages_dropped` is the connection's word.
std::vector<std::pair<std::string, std::uint64_t>> told_counters(const base::Counters& counters,
                                                                 const Extent& extent,
                                                                 std::uint64_t messages_dropped);

}  // namespace agent
