#pragma once

#include <cstddef>

#include "central/http/server.hpp"

namespace http {

/// What becomes of a new connection.
enum class Admission {
    granted,
    all_full,   // There is no room.
    peer_full,  // Its address has too many.
};

/// Who is there when one comes.
struct Crowd {
    std::size_t connections = 0;
    std::size_t of_peer = 0;      // Of the address that the new one comes from.
    bool is_own_machine = false;  // That address is a loopback one.
};

/// One address cannot take every connection, and others than this machine cannot take those that
/// are kept for it: an operator at the machine always sees what goes on.
Admission admit(const Crowd& crowd, const ServerOptions& options);

}  // namespace http
