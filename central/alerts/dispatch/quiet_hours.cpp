#include "central/alerts/dispatch/quiet_hours.hpp"

#include <fmt/format.h>

#include <optional>

namespace alerts {

namespace {

using std::chrono::days;
using std::chrono::minutes;

std::optional<int> number_of(std::string_view digits, int most) {
    if (digits.size() != 2) return std::nullopt;
    int number = 0;
    for (const char c : digits) {
        if (c < '0' || c > '9') return std::nullopt;
        number = number * 10 + (c - '0');
    }
    return number > most ? std::nullopt : std::optional{number};
}

std::optional<minutes> time_of(std::string_view text) {
    if (text.size() != 5 || text[2] != ':') return std::nullopt;
    const auto hour = number_of(text.substr(0, 2), 23);
    const auto minute = number_of(text.substr(3), 59);
    if (!hour || !minute) return std::nullopt;
    return minutes{*hour * 60 + *minute};
}

}  // namespace

base::Result<QuietHours> QuietHours::parse(std::string_view text, const std::string& zone) {
    const auto dash = text.find('-');
    const auto from = time_of(text.substr(0, dash));
    const auto to = dash == std::string_view::npos ? std::nullopt : time_of(text.substr(dash + 1));
    if (!from || !to || *from == *to) {
        return base::Error{
            base::Fault::misconfigured,
            fmt::format("\"{}\" are no hours; write some like \"22:00-07:00\"", text)};
    }
    auto found = drivers::tables::TimeZone::find(zone);
    if (!found) return found.error();
    QuietHours hours;
    hours.from_ = *from;
    hours.to_ = *to;
    hours.zone_ = std::move(found).value();
    return hours;
}

/// A region's day may begin in the UTC day before or after, and quiet hours the evening before.
bool QuietHours::contains(base::EventTime now) const {
    if (from_ == to_) return false;
    const auto today = std::chrono::floor<days>(now);
    for (int day = -2; day <= 1; ++day) {
        const base::EventTime midnight = today + days{day};
        const auto to = from_ < to_ ? to_ : to_ + days{1};
        const bool is_in =
            zone_.instant_of(midnight + from_) <= now && now < zone_.instant_of(midnight + to);
        if (is_in) return true;
    }
    return false;
}

}  // namespace alerts
