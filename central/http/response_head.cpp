#include "central/http/response_head.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

namespace http {

namespace {

constexpr std::string_view kSecurityHeaders =
    "Content-Security-Policy: default-src 'none'; script-src 'self'; worker-src 'self'; "
    "style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; "
    "trusted-types leat\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "Referrer-Policy: no-referrer\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\n";

}  // namespace

std::string_view reason_phrase(int status) {
    switch (status) {
        case 200:
            return "OK";
        case 304:
            return "Not Modified";
        case 400:
            return "Bad Request";
        case 404:
            return "Not Found";
        case 405:
            return "Method Not Allowed";
        case 413:
            return "Content Too Large";
        case 421:
            return "Misdirected Request";
        case 422:
            return "Unprocessable Content";
        case 431:
            return "Request Header Fields Too Large";
        case 500:
            return "Internal Server Error";
        case 503:
            return "Service Unavailable";
        default:
            return "Unknown";
    }
}

std::string response_head(const Response& response, const HeadOptions& options) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(options.now);
    auto head = fmt::format("HTTP/1.1 {} {}\r\nDate: {:%a, %d %b %Y %H:%M:%S} GMT\r\n",
                            response.status, reason_phrase(response.status),
                            fmt::gmtime(seconds.time_since_epoch().count()));
    for (const auto& [name, value] : response.headers) {
        head += fmt::format("{}: {}\r\n", name, value);
    }
    if (!response.content_type.empty()) {
        head += fmt::format("Content-Type: {}\r\n", response.content_type);
    }
    if (!response.stream && response.status != 304) {
        head += fmt::format("Content-Length: {}\r\n", response.body.size());
    }
    head += kSecurityHeaders;
    if (options.is_chunked) head += "Transfer-Encoding: chunked\r\n";
    head += options.keep_alive && (!response.stream || options.is_chunked)
                ? "\r\n"
                : "Connection: close\r\n\r\n";
    return head;
}

}  // namespace http
