#pragma once

#include <span>
#include <string_view>

namespace api {

/// One file of the dashboard, as it is sent. The views point into the program itself and live as
/// long as it does.
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

/// Every file of the dashboard, ordered by path. Scripts and styles carry a hash of their content
/// in their name and may be cached for ever; "/" and "/licences.txt" must be asked for again.
std::span<const Asset> dashboard_assets();

}  // namespace api
