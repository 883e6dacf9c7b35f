#pragma once

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "agent/commands/request.hpp"
#include "agent/commands/response.hpp"

namespace agent {

struct CommandOptions {
    /// What may be asked. Empty: nothing, and the node does not even subscribe.
    std::vector<Verb> allow;

    /// This many requests may come at once, and then one per `refill_every`. The last of a burst is
    /// answered `busy`, those after it not at all.
    std::uint64_t burst_max = 10;
    base::Duration refill_every = std::chrono::seconds{1};

    /// Answers kept in case their requests come again.
    std::size_t remembered_max = 32;
    std::size_t remembered_bytes_max = 128 * 1024;
};

/// A message on a request topic.
struct Incoming {
    std::string_view verb;  // The last level of the topic.
    std::string_view payload;
    bool retained = false;
};

/// What is published on the response topic of a verb.
struct Answer {
    std::string verb;
    std::string payload;
};

/// Decides about a request: whether it is understood, allowed, in time, within the rate, and new.
/// Carries nothing out and does no I/O: bytes in, decision out.
class Commands {
  public:
    explicit Commands(CommandOptions options) : options_(std::move(options)) {}

    /// Not to be answered; the reason is a counter's label.
    struct Ignored {
        const char* reason;
    };
    /// A Request is to be carried out, and then finish()ed; an Answer is to be published.
    using Decision = std::variant<Ignored, Answer, Request>;

    Decision decide(const Incoming& incoming, base::EventTime wall, base::Instant now);

    /// The request is done, with this response. It is remembered in case the request comes again.
    Answer finish(const Request& request, Response response);

    /// A request from before a restart is still being carried out: it must not begin again.
    void resume(const Request& request);

  private:
    struct Remembered {
        std::string verb;
        std::string transaction;
        std::uint64_t digest = 0;
        std::string payload;  // Empty: not finished yet.
    };

    std::uint64_t spend_turn(base::Instant now);
    Decision decide(Verb verb, const base::Json& json, std::string_view payload,
                    base::EventTime wall);
    Remembered* find(std::string_view verb, std::string_view transaction);
    void forget_oldest();

    CommandOptions options_;
    std::optional<base::Instant> refilled_;
    std::uint64_t turns_ = 0;
    std::deque<Remembered> remembered_;
};

}  // namespace agent
