#include "central/alerts/outputs/webhook/verdict.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace alerts {

namespace {

bool is_for_later(int status) {
    constexpr std::array kLater{408, 425, 429};
    return status >= 500 || std::find(kLater.begin(), kLater.end(), status) != kLater.end();
}

std::string reason_of(const PostAnswer& answer) {
    auto reason = fmt::format("it answers {}", answer.status);
    if (answer.status / 100 == 3) return reason + ", a redirect: write the URL that it leads to";
    if (answer.status == 401 || answer.status == 403) reason += ": check token_file";
    return answer.text.empty() ? reason : fmt::format("{} ({})", reason, answer.text);
}

}  // namespace

Attempt judge(const PostAnswer& answer) {
    if (answer.status == 0) {
        return {.outcome = Attempt::Outcome::failed, .reason = answer.failure};
    }
    if (answer.status / 100 == 2) return {};
    if (is_for_later(answer.status)) {
        return {.outcome = Attempt::Outcome::failed,
                .reason = reason_of(answer),
                .wait = answer.retry_after};
    }
    return {.outcome = Attempt::Outcome::refused, .reason = reason_of(answer)};
}

}  // namespace alerts
