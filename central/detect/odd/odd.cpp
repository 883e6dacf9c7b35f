#include "central/detect/odd/odd.hpp"

#include <fmt/format.h>

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
constexpr std::uint32_t kMany = 1000;  // Steps after which old ones weigh half.

/// The reading of the window that is furthest from what is usual.
double telling(const Glimpse& window, const Band& band) {
    if (band.days == 0) return window.most;
    return band.low - window.least > window.most - band.high ? window.least : window.most;
}

}  // namespace

void Odd::see(const Subject& subject, const Glimpse& window, Habits& habits,
              std::vector<Finding>& findings) {
    if (subject.is_state) return;
    const auto band = habits.usual.at(window.start).value_or(Band{});
    const auto verdict = habits.learn(lesson_of(window));
    note_direction(window.mean);
    follow(subject, window, verdict, band, findings);
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
        calm_ = 0;
    } else if (verdict.surprise >= kStillOdd) {
        calm_ = 0;
        episode_.go_on(window.last_at);
        if (verdict.surprise > worst_.surprise) {
            worst_.surprise = verdict.surprise;
            band_ = band;
            episode_.note(window.time_of(value), value);
        }
    } else if (++calm_ >= kCalm) {
        episode_.close(window.first_at);
    } else {
        return;
    }
    findings.push_back(finding(subject));
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
