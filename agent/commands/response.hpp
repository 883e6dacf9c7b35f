#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace agent {

/// Why a request was not carried out (docs/commands.md has a line for each).
enum class Reason {
    malformed,
    expired,
    unknown_verb,
    not_allowed,
    busy,
    duplicate,
    unknown_sensor,
    failed,
    timeout,
    invalid_config,
    read_only,
    rolled_back,
};

std::string_view to_text(Reason reason);

/// What came of a request.
struct Response {
    std::string transaction;       // Empty: the request had none that could be read.
    std::optional<Reason> reason;  // Nothing: it went well.
    std::string detail;            // For people.
    std::string data;              // A JSON object; empty: there is nothing more to say.
};

Response ok(std::string data = {});
Response refusal(Reason reason, std::string detail);

constexpr std::size_t kDetailBytesMax = 4096;

/// `{"transaction":"7","status":"ok","data":{…}}`, or
/// `{"transaction":"7","status":"error","reason":"timeout","detail":"…"}`.
std::string encode_response(const Response& response);

}  // namespace agent
