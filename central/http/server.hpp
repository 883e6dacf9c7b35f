#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>

#include "base/clock.hpp"
#include "base/counters.hpp"
#include "base/result.hpp"
#include "central/http/message.hpp"

namespace http {

struct ServerOptions {
    /// An IPv4 or bracketed IPv6 address, or "localhost", and a port; port 0 takes any free one.
    std::string listen = "127.0.0.1:8080";

    /// Whether to accept an address that other machines can reach. The server has no login.
    bool allow_remote = false;

    /// Further connections are answered with 503 and closed. One in sixteen is kept for this
    /// machine itself. When all are in use, one that has sent no whole request for a second makes
    /// room.
    std::size_t connections_max = 128;

    /// Of these, what one address may have at most. It does not hold for this machine's own
    /// addresses: a reverse proxy asks for everybody.
    std::size_t connections_per_peer_max = 32;

    /// The most bytes of request line and headers together. Bodies are not accepted at all.
    std::size_t header_bytes_max = 8 * 1024;

    /// Bytes of answers that wait to be read, over all connections. When there are more, further
    /// requests are answered with 503.
    std::size_t waiting_bytes_max = 64 * 1024 * 1024;

    /// Small answers that are given even then.
    std::set<std::string> vital_paths{};

    base::Duration idle_max = std::chrono::seconds{30};   // Until a request is complete.
    base::Duration write_max = std::chrono::seconds{30};  // Until a response is sent.
    base::Duration linger_max = std::chrono::seconds{2};  // For a refused peer to read the reason.
};

/// An HTTP/1.1 server for GET and HEAD. Starts no thread and handles nothing between two polls.
/// Puts the security headers on every response. Only this file's source and connection.* know
/// Boost.
class Server {
  public:
    using Handler = std::function<Response(const Request&)>;

    /// Binds at once. Misconfigured when the address is invalid, is not ours or needs allow_remote;
    /// transient when it is in use.
    static base::Result<std::unique_ptr<Server>> open(const ServerOptions& options,
                                                      const base::Clock& clock,
                                                      base::Counters& counters, Handler handler);

    /// Misconfigured when open() would refuse the options before it tries the address.
    static base::Status check(const ServerOptions& options);

    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    /// Waits at most that long for something to do. Then does what is ready, for a short while at
    /// most, ends connections whose time is over, and feeds the streams.
    void poll(base::Duration wait);

    /// Where it listens, with the real port: "127.0.0.1:40123".
    std::string address() const;

    /// The address alone, without the port.
    std::string host() const;

    std::size_t connections() const;

  private:
    class Acceptor;

    explicit Server(std::unique_ptr<Acceptor> acceptor);

    std::unique_ptr<Acceptor> acceptor_;
};

}  // namespace http
