#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/json.hpp"
#include "base/log.hpp"
#include "base/result.hpp"

namespace agent {

/// What a node can be asked for (docs/commands.md).
enum class Verb { ping, read, flush, status, log_level, config };

std::string_view to_text(Verb verb);
std::optional<Verb> parse_verb(std::string_view word);

/// All of them, in the order of the document.
const std::vector<std::string>& verb_words();

/// A request as it came in. Only the arguments of its verb mean anything.
struct Request {
    Verb verb = Verb::ping;
    std::string transaction;
    std::uint64_t digest = 0;                // Of the payload: tells a repetition from a new wish.
    std::optional<base::EventTime> expires;  // Not to be done after this.

    std::string sensor;                           // read; empty: all of them.
    base::Duration within{};                      // read: how long it may take.
    base::LogLevel level = base::LogLevel::info;  // log-level
    std::optional<base::Duration> lasting;        // log-level; nothing: until somebody changes it.
    std::string config;                           // config: the whole new file.
    base::Duration confirm_within{};              // config: for the centre's acknowledgement.
};

constexpr std::size_t kTransactionBytesMax = 64;

/// The whole payload of a request; a configuration is the longest. Others have far less to say.
constexpr std::size_t kRequestBytesMax = 64 * 1024;

/// The JSON of a request, of any verb.
base::Result<base::Json> parse_request(std::string_view payload);

/// The transaction of a request, however wrong the rest is: the answer carries it.
base::Result<std::string> transaction_of(const base::Json& json);

/// Reads what the verb wants. Malformed, in words that tell what to write, when an argument is
/// missing, unknown, of the wrong kind or out of range.
base::Result<Request> read_request(Verb verb, const base::Json& json);

}  // namespace agent
