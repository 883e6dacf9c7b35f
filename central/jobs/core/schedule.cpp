#include "central/jobs/core/schedule.hpp"

#include <charconv>

#include "base/settings.hpp"

namespace jobs {

namespace {

using std::chrono::days;
using std::chrono::minutes;

constexpr base::Duration kLeast = minutes{1};
constexpr base::Duration kMost = days{366};

base::Error wrong(const std::string& text) {
    return {base::Fault::malformed, "\"" + text +
                                        "\" says not when; write \"15m\", \"6h\", \"1d at 02:00\" "
                                        "or \"7d at 23:30\""};
}

/// "02:00"
std::optional<minutes> time_of_day(std::string_view text) {
    if (text.size() != 5 || text[2] != ':') return std::nullopt;
    int hour = 0;
    int minute = 0;
    const auto read = [](std::string_view digits, int& number) {
        const auto* const end = digits.data() + digits.size();
        const auto parsed = std::from_chars(digits.data(), end, number);
        return digits.front() != '-' && parsed.ec == std::errc{} && parsed.ptr == end;
    };
    if (!read(text.substr(0, 2), hour) || !read(text.substr(3), minute)) return std::nullopt;
    if (hour > 23 || minute > 59) return std::nullopt;
    return minutes{hour * 60 + minute};
}

std::int64_t floor_to(std::int64_t number, std::int64_t step) {
    const auto rest = number % step;
    return number - rest - (rest < 0 ? step : 0);
}

std::int64_t day_of(base::EventTime local) {
    return std::chrono::floor<days>(local).time_since_epoch().count();
}

}  // namespace

base::Result<Schedule> Schedule::parse(const std::string& text,
                                       const drivers::tables::TimeZone& zone) {
    static const std::string kAt = " at ";
    Schedule schedule;
    schedule.text_ = text;
    schedule.zone_ = zone;
    const auto at = text.find(kAt);
    const auto every = base::parse_duration(text.substr(0, at));
    if (!every || every.value() < kLeast || every.value() > kMost) return wrong(text);
    schedule.every_ = every.value();
    if (at == std::string::npos) return schedule;
    schedule.at_ = time_of_day(std::string_view{text}.substr(at + kAt.size()));
    if (!schedule.at_ || schedule.every_ % days{1} != base::Duration::zero()) return wrong(text);
    return schedule;
}

/// Where clocks are put forward over the time it is due soon after that.
base::EventTime Schedule::due_on(std::int64_t day) const {
    return zone_.instant_of(base::EventTime{days{day}} + *at_);
}

base::EventTime Schedule::last_due(base::EventTime now) const {
    if (!at_) {
        const auto since = base::to_milliseconds(now);
        return base::from_milliseconds(floor_to(since, every_.count()));
    }
    const auto step = every_ / days{1};
    // Clocks that are put back may show yesterday's date again.
    auto day = floor_to(day_of(zone_.local_of(now)), step) + step;
    while (due_on(day) > now) day -= step;
    return due_on(day);
}

base::EventTime Schedule::next_due(base::EventTime now) const {
    if (!at_) return last_due(now) + every_;
    const auto step = every_ / days{1};
    // Where a zone left a day out, what was due on it is due on the next.
    auto day = floor_to(day_of(zone_.local_of(now)), step) - step;
    while (due_on(day) <= now) day += step;
    return due_on(day);
}

}  // namespace jobs
