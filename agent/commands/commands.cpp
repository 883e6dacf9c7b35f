#include "agent/commands/commands.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/settings.hpp"
#include "wire/identity.hpp"

namespace agent {

namespace {

constexpr std::size_t kVerbBytesMax = 32;

/// A word that may become the last level of a topic.
bool is_word(std::string_view text) {
    return !text.empty() && text.size() <= kVerbBytesMax &&
           std::all_of(text.begin(), text.end(),
                       [](char c) { return (c >= 'a' && c <= 'z') || c == '-' || c == '_'; });
}

Answer answer(std::string_view verb, std::string transaction, Response response) {
    response.transaction = std::move(transaction);
    return {.verb = std::string{verb}, .payload = encode_response(response)};
}

std::string unknown(std::string_view word) {
    const auto& words = verb_words();
    const auto near = base::nearest_word(std::string{word}, words);
    return near ? fmt::format("there is no {}; did you mean {}?", word, *near)
                : fmt::format("there is no {}; there are {}", word, fmt::join(words, ", "));
}

}  // namespace

Commands::Decision Commands::decide(const Incoming& incoming, base::EventTime wall,
                                    base::Instant now) {
    const auto word = incoming.verb;
    if (incoming.retained) return Ignored{"retained"};
    if (!is_word(word)) return Ignored{"no verb"};
    const auto turns = spend_turn(now);
    if (turns == 0) return Ignored{"rate"};
    const auto json = parse_request(incoming.payload);
    if (!json) return answer(word, {}, refusal(Reason::malformed, json.error().detail));
    const auto transaction = transaction_of(json.value());
    if (!transaction) {
        return answer(word, {}, refusal(Reason::malformed, transaction.error().detail));
    }
    const auto refuse = [&](Reason reason, std::string detail) {
        return answer(word, transaction.value(), refusal(reason, std::move(detail)));
    };
    if (turns == 1) return refuse(Reason::busy, "too many requests; ask again later");
    const auto verb = parse_verb(word);
    if (!verb) return refuse(Reason::unknown_verb, unknown(word));
    if (std::find(options_.allow.begin(), options_.allow.end(), *verb) == options_.allow.end()) {
        return refuse(Reason::not_allowed,
                      fmt::format("this node does not allow {}; see [commands] allow", word));
    }
    return decide(*verb, json.value(), incoming.payload, wall);
}

Commands::Decision Commands::decide(Verb verb, const base::Json& json, std::string_view payload,
                                    base::EventTime wall) {
    const auto word = to_text(verb);
    auto read = read_request(verb, json);
    if (!read) {
        return answer(word, transaction_of(json).value(),
                      refusal(Reason::malformed, read.error().detail));
    }
    auto request = std::move(read).value();
    request.digest = wire::fnv1a64(payload);
    if (const auto* known = find(word, request.transaction); known != nullptr) {
        if (known->digest != request.digest) {
            return answer(word, request.transaction,
                          refusal(Reason::duplicate, "another request had this transaction"));
        }
        if (known->payload.empty()) return Ignored{"duplicate"};
        return Answer{.verb = std::string{word}, .payload = known->payload};
    }
    if (request.expires && *request.expires <= wall) {
        return answer(word, request.transaction,
                      refusal(Reason::expired, fmt::format("this node's clock says {}",
                                                           base::to_milliseconds(wall))));
    }
    resume(request);
    return request;
}

Answer Commands::finish(const Request& request, Response response) {
    auto result = answer(to_text(request.verb), request.transaction, std::move(response));
    if (auto* known = find(result.verb, request.transaction); known != nullptr) {
        known->payload = result.payload;
    }
    forget_oldest();
    return result;
}

void Commands::resume(const Request& request) {
    remembered_.push_back({.verb = std::string{to_text(request.verb)},
                           .transaction = request.transaction,
                           .digest = request.digest,
                           .payload = {}});
    forget_oldest();
}

/// Returns how many turns were left, including this one; 0 when there was none.
std::uint64_t Commands::spend_turn(base::Instant now) {
    if (!refilled_) {
        refilled_ = now;
        turns_ = options_.burst_max;
    }
    const auto earned = (now - *refilled_) / options_.refill_every;
    refilled_ = *refilled_ + earned * options_.refill_every;
    turns_ = std::min(options_.burst_max, turns_ + static_cast<std::uint64_t>(earned));
    return turns_ == 0 ? 0 : turns_--;
}

Commands::Remembered* Commands::find(std::string_view verb, std::string_view transaction) {
    for (auto& known : remembered_) {
        if (known.verb == verb && known.transaction == transaction) return &known;
    }
    return nullptr;
}

void Commands::forget_oldest() {
    std::size_t bytes = 0;
    for (const auto& known : remembered_) bytes += known.payload.size();
    while (remembered_.size() > options_.remembered_max ||
           (bytes > options_.remembered_bytes_max && remembered_.size() > 1)) {
        bytes -= remembered_.front().payload.size();
        remembered_.pop_front();
    }
}

}  // namespace agent
