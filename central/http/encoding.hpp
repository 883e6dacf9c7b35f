#pragma once

#include <string>
#include <string_view>

#include "central/http/message.hpp"

namespace http {

/// A body below this many bytes is sent as it is: its headers would be longer than the gain.
constexpr std::size_t kEncodedBytesMin = 1024;

/// Whether an Accept-Encoding header admits gzip (RFC 9110 §12.5.3).
bool accepts_gzip(std::string_view accept_encoding);

/// Compresses the body, or the stream, of a response that is worth it, if that is accepted. A tag
/// then names the compressed body: "abc" becomes "abc-gzip". Tells caches that it depends on what
/// is accepted.
void encode(Response& response, bool is_gzip_accepted);

/// An If-None-Match header in which the tags name plain bodies, as handlers know them.
std::string plain_tags(std::string if_none_match);

}  // namespace http
