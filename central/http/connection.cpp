#include "central/http/connection.hpp"

#include <fmt/format.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/read.hpp>
#include <string>

#include "central/http/encoding.hpp"
#include "central/http/problem.hpp"
#include "central/http/response_head.hpp"

namespace http {

namespace asio = boost::asio;
namespace beast = boost::beast::http;

namespace {

/// What the kernel buffers for the reader of a stream. Its own default, megabytes, would hide for
/// many minutes that a reader is asleep.
constexpr int kStreamBufferBytes = 128 * 1024;

/// Older readers know a body's end by the connection's.
constexpr unsigned kVersionWithChunks = 11;

template <class Name>
std::string header_of(const beast::request<beast::empty_body>& request, Name name) {
    const auto value = request[name];
    return {value.data(), value.size()};
}

}  // namespace

Connection::Connection(Socket socket, std::string peer, ServerCommons& commons)
    : socket_(std::move(socket)),
      peer_(std::move(peer)),
      commons_(commons),
      buffer_(2 * commons.options.header_bytes_max) {
    Failure ignored;
    socket_.set_option(asio::ip::tcp::no_delay{true}, ignored);
}

void Connection::serve() {
    read();
}

void Connection::refuse(Admission admission) {
    fail(503, "too-many-connections",
         admission == Admission::peer_full
             ? "Your address has too many connections; close some, or raise "
               "connections_per_peer_max in the [api] table"
             : "All connections are in use; try again in a while");
}

bool Connection::pulse(base::Instant now, bool may_take) {
    if (closed()) return false;
    if (deadline_ && now >= *deadline_) {
        commons_.counters
            .counter("leat_central_http_timeouts_total", "Connections that took too long.")
            .add();
        close();
        return false;
    }
    if (!stream_ || sending_ || (has_end_ && !may_take)) return false;
    auto piece = stream_->next();
    if (!piece.empty()) {
        send(is_chunked_ ? fmt::format("{:x}\r\n{}\r\n", piece.size(), piece) : std::move(piece));
    } else if (stream_->state() != Stream::State::open) {
        end_stream();
    }
    return has_end_;
}

/// Without its last chunk a reader knows that it has not got all; one without chunks sees the
/// connection reset.
void Connection::end_stream() {
    const bool is_whole = stream_->state() == Stream::State::over;
    stream_.reset();
    if (!is_whole) {
        Failure ignored;
        if (!is_chunked_) socket_.set_option(asio::socket_base::linger{true, 0}, ignored);
        return close();
    }
    if (!is_chunked_) return linger();
    send("0\r\n\r\n");
}

void Connection::close() {
    Failure ignored;
    socket_.close(ignored);
    stream_.reset();
}

void Connection::read() {
    parser_.emplace();
    parser_->header_limit(static_cast<std::uint32_t>(commons_.options.header_bytes_max));
    waits_since_ = commons_.clock.instant();
    deadline_ = *waits_since_ + commons_.options.idle_max;
    beast::async_read_header(socket_, buffer_, *parser_,
                             [self = shared_from_this()](const Failure& failure, std::size_t) {
                                 self->on_read(failure);
                             });
}

void Connection::on_read(const Failure& failure) {
    if (closed()) return;
    waits_since_.reset();
    if (failure) return answer_failure(failure);
    const auto length = parser_->content_length();
    if (parser_->chunked() || (length && *length > 0)) {
        return fail(413, "body-not-accepted", "A request with a body is not accepted");
    }
    // With two Host headers, or none, servers can disagree about which one counts.
    if (parser_->get().count(beast::field::host) != 1) {
        return fail(400, "host-header", "A request needs exactly one Host header");
    }
    const auto target = parser_->get().target();
    const bool is_vital = commons_.options.vital_paths.contains({target.data(), target.size()});
    if (commons_.waiting_bytes > commons_.options.waiting_bytes_max && !is_vital) return put_off();
    answer();
}

void Connection::answer() {
    const auto& message = parser_->get();
    Failure ignored;
    const auto method = message.method_string();
    const auto target = message.target();
    const Request request{
        .method = {method.data(), method.size()},
        .target = {target.data(), target.size()},
        .host = header_of(message, beast::field::host),
        .local_address = socket_.local_endpoint(ignored).address().to_string(),
        .if_none_match = plain_tags(header_of(message, beast::field::if_none_match)),
        .last_event_id = header_of(message, "Last-Event-ID")};
    write(commons_.handler(request), message.keep_alive(), request.method == "HEAD");
}

void Connection::answer_failure(const Failure& failure) {
    const bool is_theirs =
        failure.category() == make_error_code(beast::error::bad_target).category();
    if (!is_theirs || failure == beast::error::end_of_stream ||
        failure == beast::error::partial_message) {
        return close();
    }
    if (failure == beast::error::header_limit || failure == beast::error::buffer_overflow) {
        return fail(431, "headers-too-large", "The request line and headers are too long");
    }
    if (failure == beast::error::body_limit) {
        return fail(413, "body-not-accepted", "A request with a body is not accepted");
    }
    fail(400, "bad-request", "This is not an HTTP request");
}

void Connection::fail(int status, const char* slug, const char* title) {
    write(to_response(
              {.status = status, .slug = slug, .title = title, .detail = title, .errors = {}}),
          false, false);
}

void Connection::put_off() {
    const char* title = "Too many answers wait to be read; try again in a while";
    auto response = to_response(
        {.status = 503, .slug = "too-much-waiting", .title = title, .detail = title, .errors = {}});
    response.headers.push_back({"Retry-After", "5"});
    write(std::move(response), false, parser_->get().method() == beast::verb::head);
}

void Connection::write(Response response, bool keep_alive, bool head_only) {
    count(response.status);
    encode(response, accepts_gzip());
    has_end_ = response.stream && response.has_end;
    is_chunked_ = has_end_ && parser_->get().version() >= kVersionWithChunks;
    keep_alive_ = keep_alive && (!response.stream || is_chunked_);
    auto text = response_head(
        response,
        {.now = commons_.clock.event_time(), .keep_alive = keep_alive_, .is_chunked = is_chunked_});
    if (!head_only) {
        text += response.body;
        stream_ = std::move(response.stream);
    }
    if (stream_ && !has_end_) begin_stream();
    if (stream_ && has_end_) watch_peer();
    send(std::move(text));
}

void Connection::send(std::string text) {
    outgoing_ = std::move(text);
    commons_.waiting_bytes += outgoing_.size();
    sending_ = true;
    deadline_ = commons_.clock.instant() + commons_.options.write_max;
    asio::async_write(socket_, asio::buffer(outgoing_),
                      [self = shared_from_this()](const Failure& failure, std::size_t) {
                          self->on_sent(failure);
                      });
}

void Connection::on_sent(const Failure& failure) {
    sending_ = false;
    commons_.waiting_bytes -= outgoing_.size();
    outgoing_ = {};
    if (closed()) return;
    if (failure) return close();
    if (stream_) {
        deadline_.reset();
    } else if (keep_alive_) {
        read();
    } else {
        linger();
    }
}

void Connection::begin_stream() {
    Failure ignored;
    socket_.set_option(asio::socket_base::send_buffer_size{kStreamBufferBytes}, ignored);
    // Gives up a peer that has vanished: one that acknowledges nothing for that long.
    const auto patience = static_cast<unsigned>(commons_.options.write_max.count());
    ::setsockopt(socket_.native_handle(), IPPROTO_TCP, TCP_USER_TIMEOUT, &patience,
                 sizeof(patience));
    // The reader sends nothing more; only its end is expected.
    drain();
}

/// A reader that has gone takes no turn of others. What it sends meanwhile is its next request.
void Connection::watch_peer() {
    const auto number = ++streams_;
    socket_.async_wait(Socket::wait_read, [self = shared_from_this(), number](const auto& failure) {
        const bool is_over = !self->stream_ || self->streams_ != number;
        if (self->closed() || is_over) return;
        Failure gone;
        const auto waiting = self->socket_.available(gone);
        if (failure || gone || waiting == 0) self->close();
    });
}

void Connection::linger() {
    // Closing while bytes of the peer are unread resets the connection, and then the peer may lose
    // our answer. So this ends our side only, and reads on for a moment.
    Failure ignored;
    socket_.shutdown(Socket::shutdown_send, ignored);
    deadline_ = commons_.clock.instant() + commons_.options.linger_max;
    drain();
}

void Connection::drain() {
    socket_.async_read_some(asio::buffer(discarded_),
                            [self = shared_from_this()](const Failure& failure, std::size_t) {
                                if (self->closed()) return;
                                if (failure) return self->close();
                                self->drain();
                            });
}

bool Connection::accepts_gzip() const {
    return parser_ && http::accepts_gzip(header_of(parser_->get(), beast::field::accept_encoding));
}

void Connection::count(int status) {
    commons_.counters
        .counter("leat_central_http_responses_total", "HTTP responses by status.",
                 {{"status", std::to_string(status)}})
        .add();
}

}  // namespace http
