#include "central/http/server.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <charconv>
#include <map>
#include <optional>
#include <vector>

#include "base/log.hpp"
#include "central/http/admission.hpp"
#include "central/http/connection.hpp"

namespace http {

namespace asio = boost::asio;
using asio::ip::tcp;
using Failure = boost::system::error_code;

namespace {

/// Refused connections that still read their answer. For a further one the oldest goes.
constexpr std::size_t kRefusedMax = 16;

/// How much one poll does before the caller has its turn again.
constexpr std::size_t kHandlersMax = 1'000;
constexpr base::Duration kBurst = std::chrono::milliseconds{10};

constexpr base::Duration kAcceptPause = std::chrono::milliseconds{100};

/// How long a connection may wait for its request before another may take its place; before one of
/// this machine may, as its health check must always get an answer.
constexpr base::Duration kPatience = std::chrono::seconds{1};
constexpr base::Duration kPatienceForOwn = std::chrono::milliseconds{100};

base::Error misconfigured(std::string detail) {
    return {base::Fault::misconfigured, std::move(detail)};
}

base::Result<tcp::endpoint> parse_endpoint(const std::string& listen) {
    const auto colon = listen.rfind(':');
    const auto wrong = [&] {
        return misconfigured(fmt::format(
            "listen = \"{}\" is not an address and a port; write it like 127.0.0.1:8080", listen));
    };
    if (colon == std::string::npos) return wrong();
    auto host = listen.substr(0, colon);
    if (host == "localhost") host = "127.0.0.1";
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    Failure failure;
    const auto address = asio::ip::make_address(host, failure);
    if (failure) return wrong();
    std::uint16_t port = 0;
    const auto* end = listen.data() + listen.size();
    const auto parsed = std::from_chars(listen.data() + colon + 1, end, port);
    if (parsed.ec != std::errc{} || parsed.ptr != end) return wrong();
    return tcp::endpoint{address, port};
}

base::Status check_reach(const tcp::endpoint& endpoint, const ServerOptions& options) {
    if (endpoint.address().is_loopback() || options.allow_remote) return base::Done{};
    return misconfigured(
        fmt::format("listen = \"{}\" can be reached by other machines, and this server has no "
                    "logins. Listen on "
                    "127.0.0.1 behind a reverse proxy with a login, or set allow_remote = true "
                    "when everybody on "
                    "that network may read everything",
                    options.listen));
}

base::Error cannot_listen(const std::string& listen, const Failure& failure) {
    const bool permission = failure == asio::error::access_denied;
    return {permission ? base::Fault::misconfigured : base::Fault::transient,
            fmt::format("cannot listen on {}: {}", listen, failure.message())};
}

}  // namespace

/// The listening socket and its connections.
class Server::Acceptor {
  public:
    Acceptor(const ServerOptions& options, const base::Clock& clock, base::Counters& counters,
             Handler handler)
        : commons_{options, clock, counters, std::move(handler), 0}, listener_(context_) {}

    ~Acceptor() {
        for (const auto* list : {&connections_, &refused_}) {
            for (const auto& connection : *list) connection->close();
        }
    }
    Acceptor(const Acceptor&) = delete;
    Acceptor& operator=(const Acceptor&) = delete;

    base::Status open(const tcp::endpoint& endpoint) {
        Failure failure;
        listener_.open(endpoint.protocol(), failure);
        if (!failure) listener_.set_option(tcp::acceptor::reuse_address{true}, failure);
        if (!failure) listener_.bind(endpoint, failure);
        if (!failure) listener_.listen(asio::socket_base::max_listen_connections, failure);
        if (failure) return cannot_listen(commons_.options.listen, failure);
        accept();
        return base::Done{};
    }

    void poll(base::Duration wait) {
        const auto started = commons_.clock.instant();
        std::size_t handled = context_.poll_one();
        // With no time at all it would not even look.
        if (handled == 0 && wait > base::Duration::zero()) handled = context_.run_one_for(wait);
        while (handled > 0 && handled < kHandlersMax && context_.poll_one() > 0) {
            ++handled;
            if (commons_.clock.instant() - started > wait + kBurst) break;
        }
        sweep();
    }

    tcp::endpoint endpoint() const {
        Failure ignored;
        return listener_.local_endpoint(ignored);
    }
    std::size_t connections() const { return connections_.size() + refused_.size(); }

  private:
    void accept() {
        accepting_ = true;
        listener_.async_accept([this](const Failure& failure, tcp::socket socket) {
            accepting_ = false;
            if (failure == asio::error::operation_aborted) return;
            if (failure) return pause_accepting(failure);
            admit(std::move(socket));
            accept();
        });
    }

    /// When no descriptor is left, trying again at once would spin.
    void pause_accepting(const Failure& failure) {
        accept_again_ = commons_.clock.instant() + kAcceptPause;
        base::log_warn("a connection cannot be accepted", {{"reason", failure.message()}});
    }

    void admit(tcp::socket socket) {
        Failure failure;
        const auto address = socket.remote_endpoint(failure).address();
        if (failure) return;  // It has gone already.
        const auto own = socket.local_endpoint(failure).address();
        const bool is_own_machine = address.is_loopback() || address == own;
        auto peer = address.to_string();
        auto admission = judge(peer, is_own_machine);
        if (admission == Admission::all_full &&
            make_room(is_own_machine ? kPatienceForOwn : kPatience)) {
            admission = judge(peer, is_own_machine);
        }
        const auto connection =
            std::make_shared<Connection>(std::move(socket), std::move(peer), commons_);
        if (admission == Admission::granted) {
            connections_.push_back(connection);
            connection->serve();
        } else {
            refuse(connection, admission);
        }
    }

    /// The refused take no place of others: the oldest had its time to read.
    void refuse(const std::shared_ptr<Connection>& connection, Admission admission) {
        if (refused_.size() >= kRefusedMax) {
            refused_.front()->close();
            refused_.erase(refused_.begin());
        }
        refused_.push_back(connection);
        connection->refuse(admission);
    }

    Admission judge(const std::string& peer, bool is_own_machine) const {
        return http::admit({.connections = connections_.size(),
                            .of_peer = connections_of(peer),
                            .is_own_machine = is_own_machine},
                           commons_.options);
    }

    std::size_t connections_of(const std::string& peer) const {
        return static_cast<std::size_t>(
            std::count_if(connections_.begin(), connections_.end(),
                          [&](const auto& connection) { return connection->peer() == peer; }));
    }

    /// Ends the connection that has waited longest for a request, among those of the address that
    /// has most of them: slow clients keep nobody out. False when none has waited for long.
    bool make_room(base::Duration patience) {
        const auto latest = commons_.clock.instant() - patience;
        std::map<std::string, std::size_t> waiting;
        const auto waits = [&](const auto& connection) {
            return connection->waits_since() && *connection->waits_since() <= latest;
        };
        for (const auto& connection : connections_)
            waiting[connection->peer()] += waits(connection);
        const auto most =
            std::max_element(waiting.begin(), waiting.end(),
                             [](const auto& a, const auto& b) { return a.second < b.second; });
        std::shared_ptr<Connection> oldest;
        for (const auto& connection : connections_) {
            if (!waits(connection) || connection->peer() != most->first) continue;
            if (!oldest || *connection->waits_since() < *oldest->waits_since()) oldest = connection;
        }
        if (!oldest) return false;
        oldest->close();
        std::erase(connections_, oldest);
        commons_.counters
            .counter("leat_central_http_ousted_total",
                     "Connections without a whole request that made room for another.")
            .add();
        return true;
    }

    void sweep() {
        const auto now = commons_.clock.instant();
        for (auto* list : {&connections_, &refused_}) {
            pulse(*list, now);
            std::erase_if(*list, [](const auto& connection) { return connection->closed(); });
        }
        commons_.counters.gauge("leat_central_http_connections", "Open HTTP connections.")
            .set(static_cast<double>(connections()));
        if (!accepting_ && now >= accept_again_) accept();
    }

    /// One long answer goes on at a time, so that all else waits for one piece at most; then it is
    /// the last in turn.
    static void pulse(std::vector<std::shared_ptr<Connection>>& list, base::Instant now) {
        auto taken = list.end();
        for (auto it = list.begin(); it != list.end(); ++it) {
            if ((*it)->pulse(now, taken == list.end())) taken = it;
        }
        if (taken != list.end()) std::rotate(taken, taken + 1, list.end());
    }

    ServerCommons commons_;
    asio::io_context context_{1};
    // Keeps the context from stopping while nothing is going on.
    asio::executor_work_guard<asio::io_context::executor_type> guard_{context_.get_executor()};
    tcp::acceptor listener_;
    std::vector<std::shared_ptr<Connection>> connections_;
    std::vector<std::shared_ptr<Connection>> refused_;  // They read why, oldest first.
    bool accepting_ = false;
    base::Instant accept_again_;
};

base::Status Server::check(const ServerOptions& options) {
    const auto endpoint = parse_endpoint(options.listen);
    if (!endpoint) return endpoint.error();
    return check_reach(endpoint.value(), options);
}

base::Result<std::unique_ptr<Server>> Server::open(const ServerOptions& options,
                                                   const base::Clock& clock,
                                                   base::Counters& counters, Handler handler) {
    const auto endpoint = parse_endpoint(options.listen);
    if (!endpoint) return endpoint.error();
    if (auto allowed = check_reach(endpoint.value(), options); !allowed) return allowed.error();
    auto acceptor = std::make_unique<Acceptor>(options, clock, counters, std::move(handler));
    if (auto opened = acceptor->open(endpoint.value()); !opened) return opened.error();
    return std::unique_ptr<Server>(new Server(std::move(acceptor)));
}

Server::Server(std::unique_ptr<Acceptor> acceptor) : acceptor_(std::move(acceptor)) {}
Server::~Server() = default;

void Server::poll(base::Duration wait) {
    acceptor_->poll(wait);
}

std::string Server::address() const {
    const auto endpoint = acceptor_->endpoint();
    const auto port = endpoint.port();
    return endpoint.address().is_v6() ? fmt::format("[{}]:{}", host(), port)
                                      : fmt::format("{}:{}", host(), port);
}

std::string Server::host() const {
    return acceptor_->endpoint().address().to_string();
}

std::size_t Server::connections() const {
    return acceptor_->connections();
}

}  // namespace http
