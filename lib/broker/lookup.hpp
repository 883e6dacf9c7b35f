#pragma once

#include <sys/socket.h>

#include <memory>
#include <string>

namespace broker {

/// Turns the name of a host into an address, in a thread of its own: a name service may take half a
/// minute, and cannot be interrupted. The thread outlives this object if it must.
class Lookup {
  public:
    struct Answer {
        int code = 0;          // 0, or a code of getaddrinfo (EAI_…).
        int system_error = 0;  // errno, if the code is EAI_SYSTEM.
        sockaddr_storage address{};
        socklen_t size = 0;
    };

    /// `host` may be an IPv6 address in brackets. An address needs no name service.
    Lookup(std::string host, int port);

    /// Null while there is none.
    const Answer* answer() const;

  private:
    struct Question;
    std::shared_ptr<Question> question_;
};

}  // namespace broker
