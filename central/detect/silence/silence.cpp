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
    missed_ = {};
}

void Silence::pass(const Subject& subject, base::EventTime before, base::EventTime now,
                   std::vector<Finding>& findings) {
    if (!has_last_ || !subject.period || now <= last_at_) return;
    // A step longer than the period is time for which the node may have been off.
    missed_ += std::min(now - std::max(before, last_at_), std::max(*subject.period, kLeast / 2));
    if (missed_ <= std::max(kPeriods * *subject.period, kLeast)) return;
    if (!episode_.is_open()) episode_.open(last_at_, last_at_, last_);
    episode_.go_on(now);
    findings.push_back(finding(subject));
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
