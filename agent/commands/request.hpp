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
    std::uint64_t digest = 0;                // Of the payload: a repetition has the same.
    std::optional<base::EventTime> expires;  // Not to be carried out from then on.

    std::string sensor;                           // read; empty: all sensors.
    base::Duration within{};                      // read: how long it may take.
    base::LogLevel level = base::LogLevel::info;  // log-level
    std::optional<base::Duration> lasting;        // log-level; nothing: until it is changed.
    std::string config;                           // config: the whole new file.
    base::Duration confirm_within{};              // config: for the centre's acknowledgement.
};

constexpr std::size_t kTransactionBytesMax = 64;

/// A whole payload. Only a configuration comes near it.
constexpr std::size_t kRequestBytesMax = 64 * 1024;

/// The JSON of a request, of any verb.
base::Result<base::Json> parse_request(std::string_view payload);

/// The transaction of a request, even if the rest is invalid: the answer must carry it.
base::Result<std::string> transaction_of(const base::Json& json);

/// Reads the arguments of the verb. Malformed when one is missing, unknown, of the wrong kind or
/// out of range; the error says what to write.
base::Result<Request> read_request(Verb verb, const base::Json& json);

}  // namespace agent
