#include <charconv>

#include "redis/client.hpp"

namespace redis {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kUnix = "unix:";

/// False if the text is neither "host:port", with an IPv6 address in brackets, nor "unix:/path".
bool read_address(std::string_view text, ClientOptions& options) {
    if (text.starts_with(kUnix)) {
        options.socket = text.substr(kUnix.size());
        return options.socket.starts_with('/');
    }
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos || colon == 0) return false;
    std::string_view host = text.substr(0, colon);
    const std::string_view digits = text.substr(colon + 1);
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    if (host.find_first_of("/ \t") != std::string_view::npos) return false;
    options.host = host;
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), options.port);
    return error == std::errc{} && end == digits.data() + digits.size() && options.port >= 1 &&
           options.port <= 65535;
}

}  // namespace

ClientOptions read_redis_settings(base::Settings& settings) {
    ClientOptions options;
    for (const char* key : {"host", "server", "url", "port", "socket"}) {
        settings.advise(key,
                        "write address = \"127.0.0.1:6379\", or "
                        "\"unix:/run/redis/redis-server.sock\"");
    }
    for (const char* key : {"password", "pass", "requirepass"}) {
        settings.advise(key,
                        "a password does not stand in this file: write it into one of its own, "
                        "chmod 600, and password_file = \"/etc/leat/redis.password\"");
    }
    for (const char* key : {"db", "database"}) {
        settings.advise(key, "leat uses the database 0 of Redis");
    }
    const std::string address = settings.text("address", "127.0.0.1:6379");
    if (!read_address(address, options)) {
        settings.refuse("address", settings.full_name("address") + ": \"" + address +
                                       "\" is not a Redis address: write host:port, or "
                                       "unix:/run/redis/redis-server.sock");
    }
    options.user = settings.text("user", "");
    options.password_file = settings.text("password_file", "");
    options.timeout = settings.duration("timeout", options.timeout, 100ms, 1min);
    if (!options.user.empty() && options.password_file.empty()) {
        settings.refuse("user", settings.full_name("user") + " needs a password_file");
    }
    return options;
}

}  // namespace redis
