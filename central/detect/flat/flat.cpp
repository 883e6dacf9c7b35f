#include "central/detect/flat/flat.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <type_traits>

#include "central/detect/core/phrase.hpp"

namespace detect::flat {

static_assert(std::is_trivially_copyable_v<Flat>);

namespace {

using namespace std::chrono_literals;

constexpr base::Duration kKnown = 24h;   // A night belongs to what is usual.
constexpr base::Duration kLeast = 2h;    // Nothing shorter is worth a person's time.
constexpr int kLeastPeriods = 20;        // For series that are read seldom.
constexpr int kTimesLonger = 4;          // Than the longest run so far.
constexpr std::uint32_t kChanges = 100;  // A series that seldom changes does not hang.

}  // namespace

void Flat::see(const Subject& subject, const Glimpse& window, std::vector<Finding>& findings) {
    if (subject.is_state) {
        // It is declared as something else now.
        if (!episode_.is_open()) return;
        episode_.close(window.first_at);
        findings.push_back(finding(subject));
        return;
    }
    if (changes_ == 0) {
        first_at_ = run_at_ = last_at_ = window.first_at;
        value_ = window.last;
        changes_ = 1;
    }
    if (subject.is_hole(last_at_, window.first_at)) bridge_hole(window);
    last_at_ = window.last_at;
    const bool is_same = window.least == value_ && window.most == value_;
    if (is_same) return go_on(subject, window, findings);
    begin_run(subject, window, findings);
}

/// A finding goes on: nothing says that the value changed.
void Flat::bridge_hole(const Glimpse& window) {
    if (episode_.is_open()) return;
    longest_ = std::max(longest_, last_at_ - run_at_);
    run_at_ = window.first_at;
}

void Flat::go_on(const Subject& subject, const Glimpse& window, std::vector<Finding>& findings) {
    const auto run = window.last_at - run_at_;
    if (!episode_.is_open()) {
        if (!is_too_long(subject, run)) return;
        episode_.open(run_at_, window.last_at, value_);
    }
    episode_.go_on(window.last_at);
    findings.push_back(finding(subject));
}

void Flat::begin_run(const Subject& subject, const Glimpse& window,
                     std::vector<Finding>& findings) {
    const auto run = window.first_at - run_at_;
    if (episode_.is_open()) {
        episode_.close(window.first_at);
        findings.push_back(finding(subject));
        // Twice as long may be usual from now on; the whole of a fault never is.
        longest_ = std::min(run, longest_ * 2);
    } else {
        longest_ = std::max(longest_, run);
    }
    run_at_ = window.last_at;
    value_ = window.last;
    if (changes_ < kChanges) ++changes_;
}

/// A rest at 0 (no light, no rain, nothing switched on) lasts as long as it likes.
bool Flat::is_too_long(const Subject& subject, base::Duration run) const {
    if (value_ == 0 || changes_ < kChanges || run_at_ - first_at_ < kKnown) return false;
    const auto period = subject.period.value_or(base::Duration{0});
    return run >= std::max({kLeast, kLeastPeriods * period, kTimesLonger * longest_});
}

Finding Flat::finding(const Subject& subject) const {
    auto finding = episode_.finding(Code::flat);
    const auto end = finding.ended.value_or(finding.to);
    finding.sentence = fmt::format(
        "{}: {} without any change for {} since {}; the longest before was {}", subject.name,
        value_text(finding.value, subject.unit), length_text(end - finding.from),
        time_text(finding.from), length_text(longest_));
    finding.parameters = {{"longest_before_ms", static_cast<double>(longest_.count())}};
    return finding;
}

}  // namespace detect::flat
