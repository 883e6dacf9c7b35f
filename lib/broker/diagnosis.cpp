#include "broker/diagnosis.hpp"

#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace broker {
namespace {

Finding judge_lookup(const Lookup::Answer& answer) {
    if (!answer.is_asked) {
        return {.obstacle = Obstacle::no_thread, .detail = std::strerror(answer.system_error)};
    }
    if (answer.code == EAI_AGAIN) return {.obstacle = Obstacle::no_name_service};
    if (answer.code == EAI_SYSTEM) {
        return {.obstacle = Obstacle::no_name_service,
                .detail = std::strerror(answer.system_error)};
    }
    return {.obstacle = Obstacle::unknown_name, .detail = gai_strerror(answer.code)};
}

Finding judge_reach(int error) {
    switch (error) {
        case ECONNREFUSED:
            return {.obstacle = Obstacle::refused};
        case ETIMEDOUT:
            return {.obstacle = Obstacle::no_answer};
        case ENETUNREACH:
        case EHOSTUNREACH:
        case ENETDOWN:
        case EHOSTDOWN:
            return {.obstacle = Obstacle::unreachable, .detail = std::strerror(error)};
        default:
            return {.obstacle = Obstacle::other, .detail = std::strerror(error)};
    }
}

}  // namespace

Diagnosis::Diagnosis(PahoOptions options, Address address, bool has_timed_out, base::Instant now)
    : options_(std::move(options)),
      address_(std::move(address)),
      has_timed_out_(has_timed_out),
      end_(now + options_.connect_timeout),
      lookup_(address_.host, address_.port) {}

Diagnosis::~Diagnosis() {
    tls_.reset();
    if (socket_ >= 0) close(socket_);
}

std::optional<Finding> Diagnosis::step(base::Instant now) {
    auto finding = socket_ < 0 ? reach() : is_connected_ ? try_tls(now) : await();
    if (finding) return finding;
    return now < end_ ? std::nullopt : std::optional{give_up()};
}

std::optional<Finding> Diagnosis::reach() {
    const auto* found = lookup_.answer();
    if (found == nullptr) return std::nullopt;
    if (found->code != 0) return judge_lookup(*found);
    socket_ = socket(found->address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (socket_ < 0) return judge_reach(errno);
    const void* const address = &found->address;
    const int done = connect(socket_, static_cast<const sockaddr*>(address), found->size);
    if (done != 0 && errno != EINPROGRESS) return judge_reach(errno);
    return std::nullopt;
}

std::optional<Finding> Diagnosis::await() {
    pollfd waiting{.fd = socket_, .events = POLLOUT, .revents = 0};
    if (poll(&waiting, 1, 0) <= 0) return std::nullopt;
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(socket_, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0) return judge_reach(error);
    is_connected_ = true;
    // To a plain address Paho has said CONNECT, and a broker that hangs owes the answer.
    if (!address_.tls && has_timed_out_) return Finding{.obstacle = Obstacle::silent};
    return begin_tls();
}

std::optional<Finding> Diagnosis::begin_tls() {
    auto context = make_tls_context(address_.tls ? options_ : PahoOptions{});
    if (!context) return Finding{.obstacle = Obstacle::other, .detail = context.error().detail};
    tls_ = std::make_unique<TlsTrial>(std::move(context).value(), socket_, address_.host);
    return std::nullopt;
}

std::optional<Finding> Diagnosis::try_tls(base::Instant now) {
    auto finding = tls_->step(now);
    if (address_.tls) return finding;
    // The port should be a plain one: only whether it answers in TLS is of interest.
    if (tls_->has_answer()) return Finding{.obstacle = Obstacle::wants_tls};
    return finding ? std::optional{Finding{}} : std::nullopt;
}

Finding Diagnosis::give_up() const {
    if (socket_ < 0) return {.obstacle = Obstacle::no_name_service};
    if (!is_connected_) return {.obstacle = Obstacle::no_answer};
    return {.obstacle = address_.tls ? Obstacle::silent : Obstacle::none};
}

}  // namespace broker
