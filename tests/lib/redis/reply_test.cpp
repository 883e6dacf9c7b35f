#include <doctest/doctest.h>

#include <string>

#include "redis/hiredis_reply.hpp"
#include "redis/reply_bytes.hpp"

namespace {

std::string array_of(std::size_t count) {
    std::string bytes = "*" + std::to_string(count) + "\r\n";
    for (std::size_t i = 0; i < count; ++i) bytes += ":1\r\n";
    return bytes;
}

}  // namespace

TEST_CASE("a reply has as many items as it says") {
    const auto reply = redis::read_reply(array_of(3));
    REQUIRE(reply);
    CHECK(reply.value().items.size() == 3);
}

TEST_CASE("a reply that claims more items than any answer has is none") {
    CHECK(redis::read_reply(array_of(redis::kElementsMax)));
    CHECK_FALSE(redis::read_reply(array_of(redis::kElementsMax + 1)));
    CHECK_FALSE(redis::read_reply("*1\r\n*1111111112\r\n"));
}
