#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "broker/finding.hpp"
#include "broker/tls_context.hpp"

namespace broker {

/// One TLS handshake over a connected socket, to learn why it fails. Step by step, without waiting;
/// never sends a word of MQTT. The socket stays the caller's.
class TlsTrial {
  public:
    TlsTrial(TlsContext context, int socket, const std::string& host);
    ~TlsTrial();
    TlsTrial(const TlsTrial&) = delete;
    TlsTrial& operator=(const TlsTrial&) = delete;

    /// What stands in the way; Obstacle::none when TLS is not what is wrong; nothing as long as
    /// that is not known.
    std::optional<Finding> step(base::Instant now);

    /// Whether the other end has answered in TLS so far, with whatever outcome.
    bool has_answer() const { return has_answer_; }

  private:
    std::optional<Finding> shake_hands(base::Instant now);
    std::optional<Finding> hear_objection(base::Instant now);
    Finding judge_failure(int code);

    struct State;
    std::unique_ptr<State> state_;
    bool has_answer_ = false;
    bool has_certificate_;  // One of ours.
    std::optional<base::Instant> shaken_;
};

}  // namespace broker
