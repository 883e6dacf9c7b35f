#pragma once

#include <hiredis/hiredis.h>

#include <cstddef>
#include <memory>

#include "redis/client.hpp"

/// Converts hiredis's replies to ours. For the Redis adapter only.
namespace redis {

struct ReplyDeleter {
    void operator()(redisReply* reply) const { freeReplyObject(reply); }
};
using OwnedReply = std::unique_ptr<redisReply, ReplyDeleter>;

Reply to_reply(const redisReply& from);

/// Makes the reader take an array of more than kElementsMax elements for an error: hiredis would
/// allocate for as many as a reply claims to have, up to 2^31.
void bound_arrays(redisReader& reader);

/// More than any question of ours has answers.
inline constexpr std::size_t kElementsMax = 1'000'000;

}  // namespace redis
