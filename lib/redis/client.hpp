#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/settings.hpp"

namespace redis {

struct ClientOptions {
    std::string host = "127.0.0.1";
    int port = 6379;
    std::string socket;  // A Unix socket instead of host and port.
    std::string user;
    std::string password_file;                         // Read at every connect.
    base::Duration timeout = std::chrono::seconds{2};  // For connecting, and for each pipeline.
};

/// The keys of a `[redis]` table, the same in every program.
ClientOptions read_redis_settings(base::Settings& settings);

/// The code of an error reply to a call of a function that no library has. It is ours: Redis says
/// ERR, as for anything else.
constexpr std::string_view kNoFunction = "NOFUNCTION";

/// The code of an error within a function: it met something that its author did not expect.
constexpr std::string_view kFunctionFailed = "FUNCTIONFAILED";

/// A reply as Redis sent it.
struct Reply {
    enum class Kind { nil, status, error, integer, string, array };

    Kind kind = Kind::nil;
    std::int64_t integer = 0;
    std::string text;    // Of status, error and string.
    std::string code{};  // Of an error: the word that it begins with, "OOM", or kNoFunction.
    std::vector<Reply> items;

    bool is_error() const { return kind == Kind::error; }

    /// An error reply as an Error: misconfigured if Redis does not let us in or does not let us do
    /// this, exhausted if it has no room or cannot write, otherwise transient.
    base::Error error() const;
};

/// The words of one command. Every word is binary-safe.
using Command = std::vector<std::string>;

/// One connection to Redis. Blocks for at most the timeout; any failure closes the connection, and
/// the next run() connects again. Never retries by itself: what was on its way may or may not have
/// happened. Blocks SIGPIPE in the calling thread while it works, so that its callers need not.
class Client {
  public:
    explicit Client(ClientOptions options);
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    /// Sends all commands in one pipeline and returns their replies, in order. Error replies of
    /// Redis are replies; transient means that the answer is unknown.
    base::Result<std::vector<Reply>> run(const std::vector<Command>& commands);

    /// Sends one command; an error reply becomes an Error, see Reply::error().
    base::Result<Reply> run_one(const Command& command);

    /// Grows with every connection. A caller that must renew something per connection compares it.
    std::uint64_t session() const;

    /// "127.0.0.1:6379" or the socket's path, for messages.
    std::string address() const;

    /// How a person reaches this server: "redis-cli -h 127.0.0.1 -p 6379" or "redis-cli -s …".
    std::string command_line() const;

  private:
    class Link;
    std::unique_ptr<Link> link_;
};

}  // namespace redis
