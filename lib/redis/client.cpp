#include "redis/client.hpp"

#include <fmt/core.h>
#include <hiredis/hiredis.h>
#include <pthread.h>
#include <signal.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <utility>

#include "redis/hiredis_reply.hpp"

namespace redis {
namespace {

using base::Done;
using base::Error;
using base::Fault;

struct ContextDeleter {
    void operator()(redisContext* context) const { redisFree(context); }
};
using Context = std::unique_ptr<redisContext, ContextDeleter>;

timeval to_timeval(base::Duration duration) {
    using Seconds = std::chrono::duration<time_t>;
    using Microseconds = std::chrono::duration<suseconds_t, std::micro>;
    const auto seconds = std::chrono::duration_cast<Seconds>(duration);
    const auto rest = std::chrono::duration_cast<Microseconds>(duration - seconds);
    return {seconds.count(), rest.count()};
}

Fault fault_of(const std::string& code) {
    if (code == "NOAUTH" || code == "WRONGPASS" || code == "NOPERM") return Fault::misconfigured;
    if (code == "OOM" || code == "MISCONF") return Fault::exhausted;
    return Fault::transient;
}

/// Keeps a write to a broken connection from ending the program, whatever the program does about
/// SIGPIPE: hiredis writes without MSG_NOSIGNAL. Blocks the signal in this thread, and removes one
/// that came meanwhile from the queue.
class PipeSignalBlocked {
  public:
    PipeSignalBlocked() {
        sigset_t pending;
        ::sigpending(&pending);
        was_pending_ = ::sigismember(&pending, SIGPIPE) == 1;
        ::sigemptyset(&pipe_);
        ::sigaddset(&pipe_, SIGPIPE);
        ::pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
    }
    ~PipeSignalBlocked() {
        const timespec at_once{};
        if (!was_pending_) {
            while (::sigtimedwait(&pipe_, nullptr, &at_once) == -1 && errno == EINTR) {
            }
        }
        ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
    }
    PipeSignalBlocked(const PipeSignalBlocked&) = delete;
    PipeSignalBlocked& operator=(const PipeSignalBlocked&) = delete;

  private:
    sigset_t pipe_{};
    sigset_t before_{};
    bool was_pending_ = false;
};

}  // namespace

Error Reply::error() const {
    ENSURE(is_error());
    return {fault_of(code), text};
}

/// The connection itself, if there is one.
class Client::Link {
  public:
    explicit Link(ClientOptions options) : options_(std::move(options)) {}

    base::Result<std::vector<Reply>> run(const std::vector<Command>& commands);
    std::uint64_t session() const { return session_; }
    std::string address() const;
    std::string command_line() const;

  private:
    base::Status connect();
    base::Status log_in();
    base::Status send(const std::vector<Command>& commands);
    base::Result<std::vector<Reply>> receive(std::size_t count);
    /// Closes the connection and says why.
    Error broken(const std::string& doing);

    ClientOptions options_;
    Context context_;
    std::uint64_t session_ = 0;
};

std::string Client::Link::address() const {
    if (!options_.socket.empty()) return options_.socket;
    return fmt::format("{}:{}", options_.host, options_.port);
}

std::string Client::Link::command_line() const {
    std::string line = options_.socket.empty()
                           ? fmt::format("redis-cli -h {} -p {}", options_.host, options_.port)
                           : "redis-cli -s " + options_.socket;
    if (!options_.user.empty()) line += " --user " + options_.user;
    if (!options_.password_file.empty()) line += " --askpass";
    return line;
}

base::Result<std::vector<Reply>> Client::Link::run(const std::vector<Command>& commands) {
    const PipeSignalBlocked blocked;
    if (!context_) {
        if (auto connected = connect(); !connected) return connected.error();
    }
    if (auto sent = send(commands); !sent) return sent.error();
    return receive(commands.size());
}

base::Status Client::Link::connect() {
    const timeval timeout = to_timeval(options_.timeout);
    context_.reset(options_.socket.empty()
                       ? redisConnectWithTimeout(options_.host.c_str(), options_.port, timeout)
                       : redisConnectUnixWithTimeout(options_.socket.c_str(), timeout));
    if (!context_ || context_->err != 0) return broken("connecting");
    bound_arrays(*context_->reader);
    if (redisSetTimeout(context_.get(), timeout) != REDIS_OK) return broken("connecting");
    if (auto known = log_in(); !known) {
        context_.reset();
        return known;
    }
    ++session_;
    return Done{};
}

base::Status Client::Link::log_in() {
    if (options_.password_file.empty()) return Done{};
    const auto password = base::read_password(options_.password_file);
    if (!password) return password.error();
    Command command{"AUTH"};
    if (!options_.user.empty()) command.push_back(options_.user);
    command.push_back(password.value());
    if (auto sent = send({command}); !sent) return sent;
    const auto replies = receive(1);
    if (!replies) return replies.error();
    const Reply& reply = replies.value().front();
    if (!reply.is_error()) return Done{};
    return Error{fault_of(reply.code),
                 fmt::format("Redis at {} refused the password: {}", address(), reply.text)};
}

base::Status Client::Link::send(const std::vector<Command>& commands) {
    std::vector<const char*> words;
    std::vector<std::size_t> sizes;
    for (const auto& command : commands) {
        ENSURE(!command.empty());
        words.clear();
        sizes.clear();
        for (const auto& word : command) {
            words.push_back(word.data());
            sizes.push_back(word.size());
        }
        if (redisAppendCommandArgv(context_.get(), static_cast<int>(words.size()), words.data(),
                                   sizes.data()) != REDIS_OK) {
            return broken("sending");
        }
    }
    return Done{};
}

base::Result<std::vector<Reply>> Client::Link::receive(std::size_t count) {
    std::vector<Reply> replies;
    replies.reserve(count);
    // The socket's time-out is for each read; this one is for the pipeline.
    const base::SystemClock clock;
    const base::Instant end = clock.instant() + options_.timeout;
    while (replies.size() < count) {
        void* raw = nullptr;
        if (redisGetReply(context_.get(), &raw) != REDIS_OK) return broken("waiting for a reply");
        const OwnedReply owned(static_cast<redisReply*>(raw));
        replies.push_back(to_reply(*owned));
        if (replies.size() < count && clock.instant() >= end) {
            return broken("replies come too slowly");
        }
    }
    return replies;
}

Error Client::Link::broken(const std::string& doing) {
    std::string why = "no memory";
    if (context_) {
        const bool timed_out = context_->err == REDIS_ERR_IO && errno == EAGAIN;
        why = timed_out ? fmt::format("no answer within {} ms", options_.timeout.count())
                        : context_->errstr;
    }
    context_.reset();
    return {Fault::transient, fmt::format("Redis at {}, {}: {}", address(), doing, why)};
}

Client::Client(ClientOptions options) : link_(std::make_unique<Link>(std::move(options))) {}
Client::~Client() = default;

base::Result<std::vector<Reply>> Client::run(const std::vector<Command>& commands) {
    return link_->run(commands);
}

base::Result<Reply> Client::run_one(const Command& command) {
    auto replies = link_->run({command});
    if (!replies) return replies.error();
    Reply reply = std::move(replies).value().front();
    if (reply.is_error()) return reply.error();
    return reply;
}

std::uint64_t Client::session() const {
    return link_->session();
}
std::string Client::address() const {
    return link_->address();
}
std::string Client::command_line() const {
    return link_->command_line();
}

}  // namespace redis
