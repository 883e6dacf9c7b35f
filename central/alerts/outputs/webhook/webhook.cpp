#include "central/alerts/outputs/webhook/webhook.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/settings.hpp"
#include "central/alerts/outputs/webhook/verdict.hpp"

namespace alerts {

namespace {

base::Result<std::string> read_token(const std::string& path) {
    auto token = base::read_password(path);
    if (!token) return base::Error{base::Fault::transient, token.error().detail};
    const auto& text = token.value();
    const bool is_plain = std::all_of(text.begin(), text.end(), [](char c) { return c > ' '; });
    if (is_plain && !text.empty()) return token;
    return base::Error{base::Fault::transient, path + ": its first line is no token"};
}

}  // namespace

Webhook::Webhook(WebhookOptions options, base::Counters& counters, std::uint64_t seed)
    : options_(std::move(options)),
      name_("webhook/" + options_.name),
      courier_(name_, options_.courier, counters, seed) {}

void Webhook::tick(base::Instant now) {
    if (const auto answer = poster_.step()) courier_.finish(judge(*answer), now);
    if (const auto* alert = courier_.begin(now)) begin(*alert, now);
}

void Webhook::begin(const Alert& alert, base::Instant now) {
    auto request = request_of(alert, options_);
    if (request) return poster_.start(std::move(request).value());
    courier_.finish({.outcome = Attempt::Outcome::failed, .reason = request.error().detail}, now);
}

base::Result<PostRequest> request_of(const Alert& alert, const WebhookOptions& options) {
    auto form = form_of(alert, options.format);
    PostRequest request{.url = options.url,
                        .headers = std::move(form.headers),
                        .body = std::move(form.body),
                        .ca_file = options.ca_file,
                        .timeout = options.timeout};
    request.headers.push_back("Content-Type: " + form.content_type);
    request.headers.push_back(fmt::format("Idempotency-Key: {}-{}", alert.id, alert.revision));
    request.headers.emplace_back("Expect:");  // No round trip before the body.
    if (options.token_file.empty()) return request;
    const auto token = read_token(options.token_file);
    if (!token) return token.error();
    request.headers.push_back("Authorization: Bearer " + token.value());
    return request;
}

}  // namespace alerts
