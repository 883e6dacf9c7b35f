#include "central/detect/silence/silence.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <type_traits>

#include "central/detect/core/phrase.hpp"

namespace detect::silence {

static_assert(std::is_trivially_copyable_v<Silence>);

namespace {

constexpr base::Duration kLeast = std::chrono::minutes{2};  // Windows are of a minute.

}  // namespace

void Silence::see(const Subject& subject, const Glimpse& window, std::vector<Finding>& findings) {
    if (episode_.is_open()) {
        episode_.close(window.first_at);
        findings.push_back(finding(subject));
    }
    has_last_ = true;
    last_at_ = window.last_at;
    last_ = window.last;
    blind_ = {};
}

bool Silence::pass(const Subject& subject, base::EventTime before, base::EventTime now,
                   std::vector<Finding>& findings) {
    if (!has_last_ || !subject.period || now <= last_at_) return false;
    // A step longer than the period is time for which the node may have been off.
    const auto step = now - std::max(before, last_at_);
    const auto blind = step - std::min(step, std::max(*subject.period, kLeast / 2));
    blind_ += blind;
    const bool is_blinder = blind > base::Duration::zero();
    if (now - last_at_ - blind_ <= std::max(kPeriods * *subject.period, kLeast)) return is_blinder;
    if (!episode_.is_open()) {
        episode_.open(last_at_, last_at_, last_);
        episode_.go_on(now);
    } else if (!episode_.lasts_until(now)) {
        return is_blinder;
    }
    findings.push_back(finding(subject));
    return true;
}

Finding Silence::finding(const Subject& subject) const {
    auto finding = episode_.finding(Code::silent);
    const auto period = subject.period.value_or(base::Duration{0});
    const auto end = finding.ended.value_or(finding.to);
    finding.sentence = fmt::format(
        "{}: no reading for {} since {}, while its node goes on; one is due every {}", subject.name,
        length_text(end - finding.from), time_text(finding.from), length_text(period));
    finding.parameters = {{"period_ms", static_cast<double>(period.count())}};
    return finding;
}

}  // namespace detect::silence
