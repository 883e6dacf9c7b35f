#pragma once

#include <string>
#include <vector>

#include "base/counters.hpp"
#include "base/result.hpp"
#include "central/alerts/core/output.hpp"
#include "central/alerts/outputs/courier/courier.hpp"
#include "central/alerts/outputs/webhook/form.hpp"
#include "central/alerts/outputs/webhook/post.hpp"

namespace alerts {

struct WebhookOptions {
    std::string name;        // Unique among the webhooks: "ntfy.sh".
    std::string url;         // Never in the log beyond its host, as it may hold a secret.
    std::string token_file;  // Read for every POST; empty: none.
    std::string ca_file;
    Format format = Format::leat;
    base::Duration timeout = std::chrono::seconds{10};
    CourierOptions courier{};
};

/// Posts each alert to a URL, one after the other, until it was taken.
class Webhook final : public Output {
  public:
    Webhook(WebhookOptions options, base::Counters& counters, std::uint64_t seed);

    std::string_view name() const override { return name_; }
    void keep_quiet(bool is_quiet) override { courier_.keep_quiet(is_quiet); }
    void offer(const Alert& alert) override { courier_.offer(alert); }
    void tick(base::Instant now) override;
    std::vector<Delivered> take_delivered() override { return courier_.take_delivered(); }
    std::string trouble() const override { return courier_.trouble(); }

  private:
    void begin(const Alert& alert, base::Instant now);

    WebhookOptions options_;
    std::string name_;
    Courier courier_;
    Poster poster_;
};

/// All of the POST that tells of an alert. Transient while its token cannot be read.
base::Result<PostRequest> request_of(const Alert& alert, const WebhookOptions& options);

}  // namespace alerts
