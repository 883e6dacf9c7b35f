#pragma once

#include <string>

namespace broker {

/// What stands between this machine and a broker. Judged by codes of the system and of OpenSSL,
/// never by words.
enum class Obstacle {
    none,                 // Nothing was found: the broker itself ended the attempt.
    unknown_name,         // The name service does not know the host.
    no_name_service,      // It does not answer.
    refused,              // Nobody listens on the port.
    unreachable,          // No way leads to the machine.
    no_answer,            // The machine does not answer.
    silent,               // Somebody listens, and says nothing.
    wants_tls,            // The port speaks TLS, and the address is a plain one.
    no_tls,               // The port speaks no TLS, and the address wants it.
    old_tls,              // It speaks only versions before 1.2.
    unknown_authority,    // The certificate is of an authority that we do not trust.
    wrong_name,           // It is for another host.
    expired,              // It is no longer valid,
    not_yet_valid,        // or not yet.
    bad_certificate,      // It cannot be trusted for another reason.
    wants_certificate,    // The broker wants one of ours.
    refused_certificate,  // It does not take ours.
    no_thread,            // This machine lets us start no thread, so that nothing could be asked.
    other,
};

struct Finding {
    Obstacle obstacle = Obstacle::none;
    std::string detail{};  // For people: the names, the dates, the system's words.
};

}  // namespace broker
