#pragma once

#include <hiredis/hiredis.h>

#include <memory>

#include "redis/client.hpp"

/// Converts hiredis's replies to ours. For the Redis adapter only.
namespace redis {

struct ReplyDeleter {
    void operator()(redisReply* reply) const { freeReplyObject(reply); }
};
using OwnedReply = std::unique_ptr<redisReply, ReplyDeleter>;

Reply to_reply(const redisReply& from);

}  // namespace redis
