#pragma once

#include <sys/socket.h>

#include <functional>
#include <memory>
#include <string>

namespace broker {

/// Turns the name of a host into an address, in a thread of its own: a name service may take half a
/// minute, and cannot be interrupted. The thread outlives this object if it must; while kThreadsMax
/// of them wait for a name service, it counts as one that does not answer.
class Lookup {
  public:
    static constexpr int kThreadsMax = 8;

    struct Answer {
        int code = 0;          // 0, or a code of getaddrinfo (EAI_…).
        int system_error = 0;  // errno, if the code is EAI_SYSTEM.
        bool is_asked = true;  // Else the system started no thread, because of `system_error`.
        sockaddr_storage address{};
        socklen_t size = 0;
    };

    /// Runs the work in a thread, or throws std::system_error, as std::thread does.
    using Start = std::function<void(std::function<void()> work)>;

    /// `host` may be an IPv6 address in brackets. An address needs no name service.
    Lookup(std::string host, int port);
    Lookup(std::string host, int port, const Start& start);

    /// Null while there is none.
    const Answer* answer() const;

  private:
    struct Question;

    void ask_service(const Start& start);
    void answer(const Answer& answer);

    std::shared_ptr<Question> question_;
};

}  // namespace broker
