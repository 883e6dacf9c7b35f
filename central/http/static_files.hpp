#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "central/http/message.hpp"

namespace http {

/// A file as it is sent. The views point into the program itself and live as long as it does.
struct Asset {
    /// What the browser asks for: "/app-1A2B3C4D.js". The page itself is "/".
    std::string_view path;
    /// The value of the Content-Type header.
    std::string_view content_type;
    /// The bytes, not compressed.
    std::string_view body;
    /// A strong entity tag with its quotes, made from the bytes: a value for ETag as it stands.
    std::string_view etag;
};

/// The file of that path: 200 with its entity tag, or 304 when the reader has it already. Nothing
/// when there is no such file.
std::optional<Response> serve_file(std::span<const Asset> assets, std::string_view path,
                                   std::string_view if_none_match);

/// Whether an If-None-Match header names the tag, or is "*" (RFC 9110 §13.1.2: weak comparison).
bool names_tag(std::string_view if_none_match, std::string_view tag);

}  // namespace http
