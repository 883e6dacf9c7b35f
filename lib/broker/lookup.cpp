#include "broker/lookup.hpp"

#include <netdb.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <thread>
#include <utility>

namespace broker {
namespace {

/// The threads of this process that ask a name service.
std::atomic<int> threads{0};

class Thread {
  public:
    Thread() { ++threads; }
    ~Thread() { --threads; }
    Thread(const Thread&) = delete;
    Thread& operator=(const Thread&) = delete;
};

void start_thread(std::function<void()> work) {
    std::thread(std::move(work)).detach();
}

}  // namespace

struct Lookup::Question {
    std::string host;
    std::string port;
    Answer answer;
    std::atomic<bool> is_answered{false};

    void ask(int flags);
};

void Lookup::Question::ask(int flags) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = flags | AI_NUMERICSERV;
    addrinfo* found = nullptr;
    answer.code = getaddrinfo(host.c_str(), port.c_str(), &hints, &found);
    answer.system_error = answer.code == EAI_SYSTEM ? errno : 0;
    if (answer.code == 0) {
        // Like Paho: the first IPv4 address, or the first of all.
        const addrinfo* best = found;
        for (const auto* each = found; each != nullptr; each = each->ai_next) {
            if (each->ai_family != AF_INET) continue;
            best = each;
            break;
        }
        std::memcpy(&answer.address, best->ai_addr, best->ai_addrlen);
        answer.size = best->ai_addrlen;
        freeaddrinfo(found);
    }
    is_answered = true;
}

Lookup::Lookup(std::string host, int port) : Lookup(std::move(host), port, start_thread) {}

Lookup::Lookup(std::string host, int port, const Start& start)
    : question_(std::make_shared<Question>()) {
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    question_->host = std::move(host);
    question_->port = std::to_string(port);
    question_->ask(AI_NUMERICHOST);
    if (question_->answer.code == EAI_NONAME) ask_service(start);
}

void Lookup::ask_service(const Start& start) {
    if (threads >= kThreadsMax) return answer({.code = EAI_AGAIN});
    question_->is_answered = false;
    try {
        start([question = question_, thread = std::make_shared<Thread>()] { question->ask(0); });
    } catch (const std::system_error& problem) {
        answer({.code = EAI_SYSTEM, .system_error = problem.code().value(), .is_asked = false});
    }
}

void Lookup::answer(const Answer& answer) {
    question_->answer = answer;
    question_->is_answered = true;
}

const Lookup::Answer* Lookup::answer() const {
    return question_->is_answered ? &question_->answer : nullptr;
}

}  // namespace broker
