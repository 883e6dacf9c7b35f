#include "central/http/static_files.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace http {

namespace {

/// As in "/app-1A2B3C4D.js": a file with a hash in its name never changes under that name.
bool has_content_hash(std::string_view path) {
    constexpr std::size_t kDigits = 8;
    const auto dash = path.rfind('-');
    const auto dot = path.rfind('.');
    if (dash == std::string_view::npos || dot == std::string_view::npos) return false;
    if (dot != dash + 1 + kDigits) return false;
    const auto hash = path.substr(dash + 1, kDigits);
    return std::all_of(hash.begin(), hash.end(),
                       [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'); });
}

}  // namespace

bool names_tag(std::string_view if_none_match, std::string_view tag) {
    while (!if_none_match.empty()) {
        const auto comma = if_none_match.find(',');
        auto one = base::trimmed(if_none_match.substr(0, comma));
        if_none_match =
            comma == std::string_view::npos ? std::string_view{} : if_none_match.substr(comma + 1);
        if (one == "*") return true;
        if (one.starts_with("W/")) one.remove_prefix(2);
        if (!one.empty() && one == tag) return true;
    }
    return false;
}

std::optional<Response> serve_file(std::span<const Asset> assets, std::string_view path,
                                   std::string_view if_none_match) {
    const auto found = std::find_if(assets.begin(), assets.end(),
                                    [&](const Asset& asset) { return asset.path == path; });
    if (found == assets.end()) return std::nullopt;
    Response response;
    const char* caching =
        has_content_hash(path) ? "public, max-age=31536000, immutable" : "no-cache";
    response.headers = {{"ETag", std::string{found->etag}}, {"Cache-Control", caching}};
    if (names_tag(if_none_match, found->etag)) {
        response.status = 304;
        return response;
    }
    response.content_type = found->content_type;
    response.body = found->body;
    return response;
}

}  // namespace http
