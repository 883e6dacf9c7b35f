#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "wire/chain.hpp"
#include "wire/identity.hpp"

namespace wire {

enum class Answer {
    ok,      // Appended.
    dup,     // Everything in the batch was there already.
    gap,     // The batch begins beyond what is stored: send from `expected`.
    busy,    // The stream is full: send again after `retry_after`.
    fork,    // The chain does not match what is stored under this identity.
    reject,  // Not acceptable; `reason` says why.
};

std::string_view to_text(Answer answer);
std::optional<Answer> parse_answer(std::string_view text);

/// A sequence number and the chain value there; 0 and h(0) at the beginning.
struct Mark {
    std::uint64_t seq = 0;
    ChainHash hash;

    friend auto operator<=>(const Mark&, const Mark&) = default;
};

/// A mark of one node in one of its incarnations.
struct NodeMark {
    std::string node;
    Incarnation incarnation;
    Mark mark;

    friend auto operator<=>(const NodeMark&, const NodeMark&) = default;
};

/// What the bridge answers a node: how much of its incarnation is safe.
struct Ack {
    Incarnation incarnation;
    Answer answer = Answer::ok;
    Mark durable;                  // d: on disk in Redis.
    std::optional<Mark> applied;   // a: committed in the sink; absent until something is.
    std::uint64_t expected = 0;    // The next sequence number wanted: durable.seq + 1.
    base::Duration retry_after{};  // With busy and reject.
    std::string reason;            // With reject.
    base::EventTime now;           // The bridge's clock: for people.

    friend bool operator==(const Ack&, const Ack&) = default;
};

std::string encode_ack(const Ack& ack);
base::Result<Ack> decode_ack(std::string_view payload);

}  // namespace wire
