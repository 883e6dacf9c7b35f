#include "central/api/health.hpp"

#include "base/ensure.hpp"
#include "base/json.hpp"

namespace api {

namespace {

constexpr base::Duration kPatience = std::chrono::seconds{30};

const char* word_of(bool fails, bool stumbles) {
    if (fails) return "failing";
    return stumbles ? "retrying" : "ok";
}

}  // namespace

void Health::declare(const std::string& part, bool required) {
    parts_[part] = {.required = required, .failing_since = std::nullopt, .detail = {}};
}

void Health::report(const std::string& part, const base::Status& status, base::Instant now) {
    const auto found = parts_.find(part);
    ENSURE(found != parts_.end());
    if (status) {
        found->second.failing_since.reset();
        found->second.detail.clear();
        return;
    }
    if (!found->second.failing_since) found->second.failing_since = now;
    found->second.detail = status.error().detail;
}

http::Response Health::answer(base::Instant now) const {
    bool is_failing = false;
    auto response = http::json_response(write(now, true, is_failing));
    response.status = is_failing ? 503 : 200;
    return response;
}

std::string Health::summary(base::Instant now) const {
    bool ignored = false;
    return write(now, false, ignored);
}

std::string Health::write(base::Instant now, bool with_times, bool& is_failing) const {
    bool is_degraded = false;
    base::JsonWriter parts;
    parts.begin_object();
    for (const auto& [name, part] : parts_) {
        const auto since = part.failing_since.value_or(now);
        const bool fails = part.failing_since && now - since > kPatience;
        is_degraded |= part.failing_since.has_value();
        is_failing |= fails && part.required;
        parts.key(name).begin_object().member("status",
                                              word_of(fails, part.failing_since.has_value()));
        if (part.failing_since) {
            if (with_times) parts.member("failing_ms", std::int64_t{(now - since).count()});
            parts.member("detail", part.detail);
        }
        parts.end_object();
    }
    parts.end_object();
    const char* word = is_failing ? "failing" : is_degraded ? "degraded" : "ok";
    return "{\"status\":\"" + std::string{word} + "\",\"parts\":" + parts.text() + "}";
}

}  // namespace api
