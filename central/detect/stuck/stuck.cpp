#include "central/detect/stuck/stuck.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <type_traits>

#include "central/detect/core/phrase.hpp"

namespace detect::stuck {

static_assert(std::is_trivially_copyable_v<Stuck>);

namespace {

using namespace std::chrono_literals;

constexpr base::Duration kKnown = 24h;
constexpr base::Duration kLeast = 30min;
constexpr int kTimesLonger = 4;
constexpr std::uint32_t kVisits = 10;  // Before these nobody knows how long it usually is.
constexpr double kOn = 0.5;

}  // namespace

void Stuck::see(const Subject& subject, const Glimpse& window, std::vector<Finding>& findings) {
    if (!subject.is_state) {
        // It is declared as something else now.
        if (is_on_) switch_off(subject, window.first_at, findings);
        return;
    }
    if (!is_known_) {
        is_known_ = true;
        first_at_ = last_at_ = window.first_at;
    }
    if (subject.is_hole(last_at_, window.first_at)) bridge_hole(window);
    last_at_ = window.last_at;
    // Within a window only its first, last, least and most are known: all runs but the one that is
    // on at its end are shorter than the window.
    if (is_on_ && window.least < kOn) {
        switch_off(subject, window.first < kOn ? window.first_at : window.last_at, findings);
    }
    const bool is_on = window.last > kOn;
    if (!is_on_ && window.most > kOn) {
        switch_on(window.first > kOn ? window.first_at : window.time_of(window.most));
        if (!is_on) switch_off(subject, window.last_at, findings);
    }
}

bool Stuck::pass(const Subject& subject, base::EventTime now, std::vector<Finding>& findings) {
    if (!is_on_ || subject.is_hole(last_at_, now)) return false;
    if (!episode_.is_open()) {
        if (!is_too_long(now - on_since_, now)) return false;
        episode_.open(on_since_, now, 1);
    } else if (!episode_.lasts_until(now)) {
        return false;
    }
    findings.push_back(finding(subject));
    return true;
}

/// A finding goes on, until a reading ends it.
void Stuck::bridge_hole(const Glimpse& window) {
    if (!is_on_ || episode_.is_open()) return;
    longest_ = std::max(longest_, last_at_ - on_since_);
    is_on_ = window.first > kOn;
    on_since_ = window.first_at;
}

void Stuck::switch_on(base::EventTime at) {
    is_on_ = true;
    on_since_ = at;
    if (visits_ < kVisits) ++visits_;
}

void Stuck::switch_off(const Subject& subject, base::EventTime at, std::vector<Finding>& findings) {
    is_on_ = false;
    const auto length = at - on_since_;
    if (episode_.is_open()) {
        episode_.close(at);
        findings.push_back(finding(subject));
        longest_ = std::min(length, 2 * longest_);
    } else {
        longest_ = std::max(longest_, length);
    }
}

bool Stuck::is_too_long(base::Duration length, base::EventTime now) const {
    return visits_ >= kVisits && now - first_at_ >= kKnown &&
           length >= std::max(kLeast, kTimesLonger * longest_);
}

Finding Stuck::finding(const Subject& subject) const {
    auto finding = episode_.finding(Code::stuck);
    const auto end = finding.ended.value_or(finding.to);
    finding.sentence = fmt::format("{}: on for {} since {}; the longest before was {}",
                                   subject.name, length_text(end - finding.from),
                                   time_text(finding.from), length_text(longest_));
    finding.parameters = {{"longest_before_ms", static_cast<double>(longest_.count())}};
    return finding;
}

}  // namespace detect::stuck
