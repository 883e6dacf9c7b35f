#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/counters.hpp"
#include "broker/connection.hpp"
#include "delivery/outbox/outbox.hpp"

namespace agent {

/// The counters that a node's status shows: what was refused, dropped, held back, failed or done
/// again, summed over labels, and only what is not 0.
std::vector<std::pair<std::string, std::uint64_t>> status_counters(
    const base::Counters& counters, const delivery::Extent& extent,
    const broker::Connection& broker);

}  // namespace agent
