#pragma once

#include <string_view>

#include "base/result.hpp"
#include "redis/client.hpp"

namespace redis {

/// The reply that these bytes are (RESP2), read as from a connection. Malformed if they are none,
/// or only the beginning of one.
base::Result<Reply> read_reply(std::string_view bytes);

}  // namespace redis
