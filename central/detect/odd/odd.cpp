#include "central/detect/odd/odd.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <type_traits>

#include "central/detect/contextual/sentence.hpp"
#include "central/detect/core/phrase.hpp"

namespace detect::odd {

static_assert(std::is_trivially_copyable_v<Odd>);
static_assert(std::is_trivially_copyable_v<Habits>);
static_assert(sizeof(Odd) + sizeof(Habits) <= 16 * 1024);

namespace {

constexpr double kStillOdd = 0.5;      // Surprise at which an event goes on.
constexpr std::uint32_t kCalm = 15;    // Windows in a row that end it.
constexpr double kNear = 0.1;          // Of the usual range: no farther out is still usual.
constexpr std::uint32_t kMany = 1000;  // Steps after which old ones weigh half.

/// The reading of the window that is furthest from what is usual.
double telling(const Glimpse& window, const Band& band) {
    if (band.days == 0) return window.most;
    return band.low - window.least > window.most - band.high ? window.least : window.most;
}

/// How far the readings of the window are outside of what is usual at most.
double outside(const Glimpse& window, const Band& band) {
    if (band.days == 0) return 0;
    return std::max({0.0, band.low - window.least, window.most - band.high});
}

bool is_far_outside(const Glimpse& window, const Band& band) {
    return outside(window, band) > kNear * (band.high - band.low);
}

}  // namespace

void Odd::see(const Subject& subject, const Glimpse& window, Habits& habits,
              std::vector<Finding>& findings) {
    const auto band = habits.usual.at(window.start).value_or(Band{});
    const auto verdict = habits.learn(lesson_of(window));
    note_direction(window.mean);
    follow(subject, window, verdict, band, findings);
}

void Odd::leave(const Subject& subject, const Glimpse& window, std::vector<Finding>& findings) {
    if (!episode_.is_open()) return;
    episode_.close(window.first_at);
    findings.push_back(finding(subject));
}

Lesson lesson_of(const Glimpse& window) {
    return {.at = window.start, .mean = window.mean, .least = window.least, .most = window.most};
}

contextual::Verdict Habits::learn(const Lesson& lesson) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(lesson.at);
    usual.learn(lesson.at, lesson.least, lesson.most);
    return detector.judge(seconds.time_since_epoch().count(), lesson.mean);
}

void Odd::note_direction(double value) {
    if (has_before_ && value > before_) ++rises_;
    if (has_before_ && value < before_) ++falls_;
    if (rises_ + falls_ > kMany) {
        rises_ /= 2;
        falls_ /= 2;
    }
    has_before_ = true;
    before_ = value;
}

void Odd::follow(const Subject& subject, const Glimpse& window, const contextual::Verdict& verdict,
                 const Band& band, std::vector<Finding>& findings) {
    const double value = telling(window, band);
    if (!episode_.is_open()) {
        if (!verdict.is_alert || only_rises()) return;
        episode_.open(window.first_at, window.time_of(value), value);
        worst_ = verdict;
        band_ = band;
        outside_ = outside(window, band);
        calm_ = 0;
    } else if (verdict.surprise >= kStillOdd || is_far_outside(window, band)) {
        // However used one gets to it: it is over when it is usual.
        calm_ = 0;
        episode_.go_on(window.last_at);
        note(window, verdict, band);
    } else if (++calm_ >= kCalm) {
        episode_.close(window.first_at);
    } else {
        return;
    }
    findings.push_back(finding(subject));
}

/// The reading farthest from what is usual tells most; where nobody knows that, the one that
/// surprised most.
void Odd::note(const Glimpse& window, const contextual::Verdict& verdict, const Band& band) {
    const auto farther = outside(window, band);
    const bool tells_more =
        farther > outside_ || (outside_ == 0 && verdict.surprise > worst_.surprise);
    worst_.surprise = std::max(worst_.surprise, verdict.surprise);
    if (!tells_more) return;
    outside_ = farther;
    band_ = band;
    const auto value = telling(window, band);
    episode_.note(window.time_of(value), value);
}

Finding Odd::finding(const Subject& subject) const {
    auto finding = episode_.finding(Code::odd);
    finding.score = worst_.surprise;
    const auto value = value_text(finding.value, subject.unit);
    const bool is_outside =
        band_.days > 0 && (finding.value < band_.low || finding.value > band_.high);
    finding.sentence = fmt::format("{}: {} at {}; ", subject.name, value, clock_text(finding.at));
    finding.sentence += is_outside
                            ? fmt::format("between {} and {} at this hour on the last {} days",
                                          value_text(band_.low, ""),
                                          value_text(band_.high, subject.unit), band_.days)
                            : contextual::sentence_of(worst_);
    if (band_.days > 0) {
        finding.parameters = {
            {"usual_low", band_.low}, {"usual_high", band_.high}, {"usual_days", band_.days}};
    }
    return finding;
}

}  // namespace detect::odd
