#include "central/detect/drift/drift.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstring>
#include <limits>
#include <type_traits>

#include "central/detect/core/phrase.hpp"

namespace detect::drift {

static_assert(std::is_trivially_copyable_v<Drift>);
static_assert(sizeof(Drift) <= 512);

namespace {

using namespace std::chrono_literals;

// One for each form that a state ever had; never used again.
constexpr char kForm = 1;

constexpr std::uint32_t kLearnDays = 14;   // Before anything is judged.
constexpr std::uint32_t kMemoryDays = 30;  // That what is usual rests on.
constexpr std::uint32_t kHours = 18;       // Of a day: with fewer its rhythm would show.

// Page's CUSUM (Biometrika 41, 1954). With these, Siegmund's formula (Sequential Analysis, 1985)
// gives one false alarm in 400 000 days of a series whose days are independent and normal; the
// slack is as large for those that are neither.
constexpr double kSlack = 1;     // In standard deviations a day,
constexpr double kOpens = 6;     // and added up.
constexpr double kMostADay = 4;  // So that one odd day alone is no drift.

constexpr double kRangeOfChange = 1.128;   // d2 of two: mean |x1 - x2| over the deviation.
constexpr double kDeviation = 1.2533;      // sqrt(pi / 2): the deviation over the mean |x|.
constexpr double kFewDays = 14;            // How much wider what few days tell is taken.
constexpr double kLeastShare = 1.0 / 500;  // Of the value: nobody's sensors agree better.

constexpr double kMostLearned = 3;           // Deviations that one day may teach.
constexpr std::uint32_t kCalmDays = 2;       // That end an event.
constexpr std::uint32_t kSteadyDays = 30;    // After which a difference is usual.
constexpr std::uint32_t kManyHours = 1'000;  // After which old ones weigh half.

std::int64_t day_of(base::EventTime at) {
    return std::chrono::floor<std::chrono::days>(at).time_since_epoch().count();
}

base::EventTime start_of(std::int64_t day) {
    return base::EventTime{day * 24h};
}

void adapt(double& mean, double value, std::uint32_t values) {
    mean += (value - mean) / std::min(values, kMemoryDays);
}

}  // namespace

Drift::Drift(std::string_view state) {
    if (state.size() != 1 + sizeof *this || state.front() != kForm) return;
    std::memcpy(this, state.data() + 1, sizeof *this);
}

std::string Drift::save() const {
    if (!has_begun_ && !has_hour_) return {};
    std::string state(1, kForm);
    state.append(reinterpret_cast<const char*>(this), sizeof *this);
    return state;
}

bool Drift::has_learned() const {
    return days_ >= kLearnDays;
}

/// It solves mean = own + common + share (common - weather) for what is common.
double Drift::without_own(double mean) const {
    return (mean - own_ + share() * weather_) / (1 + share());
}

void Drift::note(double mean) {
    if (has_hour_ && mean > hour_before_) ++rises_;
    if (has_hour_ && mean < hour_before_) ++falls_;
    if (rises_ + falls_ > kManyHours) {
        rises_ /= 2;
        falls_ /= 2;
    }
    has_hour_ = true;
    hour_before_ = mean;
}

void Drift::begin(double own) {
    own_ = own;
    has_begun_ = true;
}

/// The hour was compared with what was known before it, and so is the series.
void Drift::see(const Subject& subject, const Comparison& hour, double mean,
                std::vector<Finding>& findings) {
    const double difference = mean - own_ - hour.common;
    const auto day = day_of(hour.start);
    if (day != day_.number) {
        end_day(subject, hour, findings);
        day_ = {.number = day};
    }
    ++day_.hours;
    day_.difference += difference;
    day_.mean += mean;
    day_.common += hour.common;
    neighbours_ = hour.neighbours;
}

void Drift::leave(const Subject& subject, const std::string& place, base::EventTime at,
                  std::vector<Finding>& findings) {
    if (episode_.is_open()) {
        close(at, End::moved);
        findings.push_back(finding(subject, place));
    }
    *this = Drift{};
}

void Drift::end_day(const Subject& subject, const Comparison& hour,
                    std::vector<Finding>& findings) {
    if (day_.hours < kHours) return;
    const double common = day_.common / day_.hours;
    const double difference = day_.difference / day_.hours - share() * (common - weather_);
    const double mean = day_.mean / day_.hours;
    const bool was_open = episode_.is_open();
    double most = std::numeric_limits<double>::infinity();
    if (has_learned()) {
        const double usual = scale(hour.resolution, mean);
        most = kMostLearned * usual;
        if (judge(difference, mean, usual)) findings.push_back(finding(subject, hour.place));
    }
    if (!was_open && !episode_.is_open()) learn(difference, common, most);
}

/// Whether there is something to tell.
bool Drift::judge(double difference, double mean, double scale) {
    difference_ = difference;
    if (episode_.is_open()) {
        follow(difference, scale);
    } else {
        add_up(std::clamp(difference / scale, -kMostADay, kMostADay));
        if (std::max(up_, down_) < kOpens) return false;
        const auto since = up_ >= kOpens ? up_since_ : down_since_;
        episode_.open(start_of(since), day_end(), mean);
        steady_ = difference;
        calm_ = steady_days_ = 0;
    }
    if (!episode_.is_open()) return true;
    episode_.go_on(day_end());
    episode_.note(day_end(), mean);
    return true;
}

void Drift::add_up(double steps) {
    if (up_ == 0) up_since_ = day_.number;
    if (down_ == 0) down_since_ = day_.number;
    up_ = std::max(0.0, up_ + steps - kSlack);
    down_ = std::max(0.0, down_ - steps - kSlack);
}

void Drift::follow(double difference, double scale) {
    calm_ = std::abs(difference) < scale ? calm_ + 1 : 0;
    if (calm_ >= kCalmDays) return close(day_end(), End::back);
    ++steady_days_;
    if (std::abs(difference - steady_) >= scale) {
        steady_ = difference;
        steady_days_ = 0;
    }
    if (steady_days_ < kSteadyDays) return;
    own_ += difference;
    close(day_end(), End::usual);
}

void Drift::close(base::EventTime at, End end) {
    episode_.close(at);
    end_ = end;
    up_ = down_ = 0;
}

/// Of one day only so much is learned, so that an odd one spoils nothing.
void Drift::learn(double difference, double common, double most) {
    const double here = own_ + difference;
    const double learned = std::clamp(difference, -most, most);
    ++days_;
    if (days_ > 2) {
        const bool was_yesterday = last_ + 1 == day_.number;
        if (was_yesterday) adapt(changes_, std::min(std::abs(here - before_), most), days_ - 2);
        adapt(strays_, std::abs(learned), days_ - 2);
        const double off = common - weather_;
        adapt(swing_, off * off, days_ - 2);
        adapt(together_, off * (learned + share() * off), days_ - 2);
    }
    own_ += learned / std::min(days_, kMemoryDays);
    adapt(weather_, common, days_);
    before_ = here;
    last_ = day_.number;
    days_ = std::min(days_, 1'000U);
}

/// How much more than its neighbours the series follows what they have in common: 0.2 is a fifth
/// more. At most twice as much or half as much is believed.
double Drift::share() const {
    return has_learned() && swing_ > 0 ? std::clamp(together_ / swing_, -0.5, 1.0) : 0;
}

/// The standard deviation of a day's difference, as far as it is known.
double Drift::scale(double resolution, double mean) const {
    const double noise = std::max(changes_ / kRangeOfChange, strays_ * kDeviation);
    return std::max({noise * (1 + kFewDays / days_), resolution, std::abs(mean) * kLeastShare,
                     std::numeric_limits<double>::min()});
}

base::EventTime Drift::day_end() const {
    return start_of(day_.number + 1);
}

Finding Drift::finding(const Subject& subject, const std::string& place) const {
    auto finding = episode_.finding(Code::drift);
    const auto days = std::chrono::ceil<std::chrono::days>(finding.to - finding.from).count();
    const double a_day = difference_ / static_cast<double>(std::max<std::int64_t>(days, 1));
    finding.sentence =
        fmt::format("{} drifts {} from its {} neighbours in {}: {} a day for {} days, {} now",
                    subject.name, difference_ < 0 ? "down" : "up", neighbours_, place,
                    value_text(std::abs(a_day), subject.unit), days,
                    value_text(std::abs(difference_), subject.unit));
    finding.parameters = {{"difference", difference_},
                          {"a_day", a_day},
                          {"neighbours", static_cast<double>(neighbours_)}};
    if (!finding.ended) return finding;
    const auto length = length_text(*finding.ended - finding.from);
    switch (end_) {
        case End::back:
            finding.sentence += fmt::format("; back beside them after {}", length);
            break;
        case End::usual:
            finding.sentence +=
                fmt::format("; that has not changed for {} days, and is usual now", kSteadyDays);
            break;
        case End::moved:
            finding.sentence += fmt::format("; it has other neighbours after {}", length);
            break;
    }
    return finding;
}

}  // namespace detect::drift
