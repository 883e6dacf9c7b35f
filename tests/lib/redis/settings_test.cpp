#include <doctest/doctest.h>

#include "redis/client.hpp"

using namespace std::chrono_literals;

namespace {

base::Settings settings_of(const char* text) {
    auto parsed = base::Settings::parse(text, "test.toml");
    REQUIRE(parsed);
    return std::move(parsed).value();
}

}  // namespace

TEST_CASE("the settings of Redis are read from one table") {
    auto settings = settings_of(R"(
address = "redis.lan:6380"
user = "bridge"
password_file = "/run/credentials/redis"
timeout = "500ms"
)");
    const auto options = redis::read_redis_settings(settings);
    CHECK(settings.check());
    CHECK(options.host == "redis.lan");
    CHECK(options.port == 6380);
    CHECK(options.user == "bridge");
    CHECK(options.password_file == "/run/credentials/redis");
    CHECK(options.timeout == 500ms);
}

TEST_CASE("a Unix socket, an IPv6 address and the default are addresses") {
    auto socket = settings_of(R"(address = "unix:/run/redis.sock")");
    CHECK(redis::read_redis_settings(socket).socket == "/run/redis.sock");
    auto ipv6 = settings_of(R"(address = "[::1]:6379")");
    CHECK(redis::read_redis_settings(ipv6).host == "::1");
    auto nothing = settings_of("");
    const auto options = redis::read_redis_settings(nothing);
    CHECK(options.host == "127.0.0.1");
    CHECK(options.port == 6379);
    CHECK(options.socket.empty());
    CHECK(nothing.check());
}

TEST_CASE("settings of Redis that cannot work are refused at the start") {
    for (const char* text :
         {R"(address = "redis")", R"(address = ":6379")", R"(address = "redis:0")",
          R"(address = "redis:65536")", R"(address = "redis:port")", R"(address = "unix:relative")",
          R"(address = "redis://host:6379")", R"(user = "without-password")", R"(timeout = "1ms")",
          R"(pasword_file = "/x")"}) {
        CAPTURE(text);
        auto settings = settings_of(text);
        (void)redis::read_redis_settings(settings);
        CHECK_FALSE(settings.check());
    }
}
