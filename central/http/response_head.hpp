#pragma once

#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "central/http/message.hpp"

namespace http {

struct HeadOptions {
    base::EventTime now;
    bool keep_alive = true;
    bool is_chunked = false;  // A stream with an end, to a reader that knows chunks.
};

/// The status line and the headers of a response, with the blank line: its own headers, the date,
/// the length of its body unless it is a stream (which ends with its last chunk, or the
/// connection), and the headers that make a browser trust nothing but our own files.
std::string response_head(const Response& response, const HeadOptions& options);

/// "Not Found"
std::string_view reason_phrase(int status);

}  // namespace http
