#pragma once

#include <array>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <memory>
#include <optional>
#include <string>

#include "central/http/admission.hpp"
#include "central/http/server.hpp"

namespace http {

/// What all connections of a server share.
struct ServerCommons {
    ServerOptions options;
    const base::Clock& clock;
    base::Counters& counters;
    Server::Handler handler;
    std::size_t waiting_bytes = 0;  // Of answers that have not been sent yet.
};

/// One connection, from its first byte to its last: one request after the other, one stream, or a
/// refusal. Holds at most one request and one piece of an answer. Only for server.cpp.
class Connection : public std::enable_shared_from_this<Connection> {
  public:
    using Socket = boost::asio::ip::tcp::socket;

    Connection(Socket socket, std::string peer, ServerCommons& commons);

    /// Serves requests.
    void serve();

    /// Answers 503 whatever the request is, and ends.
    void refuse(Admission admission);

    /// Ends the connection when its time is over. Sends the next piece of a stream; of one that has
    /// an end only when it `may_take` the time. True when it did.
    bool pulse(base::Instant now, bool may_take);

    /// Ends it at once.
    void close();
    bool closed() const { return !socket_.is_open(); }

    /// The address at the other end, without the port.
    const std::string& peer() const { return peer_; }

    /// Since when it has waited for a request to be complete; nothing while it answers one.
    std::optional<base::Instant> waits_since() const { return waits_since_; }

  private:
    using Failure = boost::system::error_code;
    using Parser = boost::beast::http::request_parser<boost::beast::http::empty_body>;

    void read();
    void on_read(const Failure& failure);
    void answer();
    void answer_failure(const Failure& failure);
    void fail(int status, const char* slug, const char* title);
    void put_off();
    void write(Response response, bool keep_alive, bool head_only);
    void send(std::string text);
    void on_sent(const Failure& failure);
    void begin_stream();
    void end_stream();
    void watch_peer();
    void linger();
    void drain();
    void count(int status);
    bool accepts_gzip() const;

    Socket socket_;
    std::string peer_;
    ServerCommons& commons_;
    boost::beast::flat_buffer buffer_;
    std::optional<Parser> parser_;
    std::string outgoing_;
    std::unique_ptr<Stream> stream_;
    std::uint64_t streams_ = 0;  // With an end, so far.
    std::array<char, 512> discarded_{};
    std::optional<base::Instant> deadline_;
    std::optional<base::Instant> waits_since_;
    bool keep_alive_ = true;
    bool has_end_ = false;     // The stream.
    bool is_chunked_ = false;  // So is it sent.
    bool sending_ = false;
};

}  // namespace http
