#include "central/shell/table/times.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstdlib>

namespace shell {

namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

std::string zone_text(base::Duration ahead) {
    if (ahead == base::Duration::zero()) return "Z";
    const auto away = std::abs(std::chrono::duration_cast<minutes>(ahead).count());
    return fmt::format("{}{:02}:{:02}", ahead.count() < 0 ? '-' : '+', away / 60, away % 60);
}

std::string text_of(base::EventTime time, const drivers::tables::TimeZone& zone, char between,
                    bool is_short) {
    // RFC 3339 knows no seconds in a zone; local times of the 19th century have some.
    const auto ahead = std::chrono::floor<minutes>(zone.local_of(time) - time);
    const auto local = time + ahead;
    const auto day = std::chrono::floor<days>(local);
    const std::chrono::year_month_day date{day};
    const auto within = (local - day).count();
    auto text = fmt::format("{:04}-{:02}-{:02}{}{:02}:{:02}:{:02}", static_cast<int>(date.year()),
                            static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                            between, within / 3'600'000, within / 60'000 % 60, within / 1'000 % 60);
    if (!is_short || within % 1'000 != 0) text += fmt::format(".{:03}", within % 1'000);
    return text + zone_text(ahead);
}

}  // namespace

std::string time_text(base::EventTime time, const drivers::tables::TimeZone& zone) {
    return text_of(time, zone, 'T', false);
}

std::string short_time_text(base::EventTime time, const drivers::tables::TimeZone& zone) {
    return text_of(time, zone, ' ', true);
}

std::string length_text(base::Duration length) {
    const auto is_whole = [&](base::Duration unit) { return length % unit == base::Duration{0}; };
    if (length == base::Duration::zero()) return "0s";
    if (is_whole(days{1})) return fmt::format("{}d", length / days{1});
    if (is_whole(hours{1})) return fmt::format("{}h", length / hours{1});
    if (is_whole(minutes{1})) return fmt::format("{}m", length / minutes{1});
    if (is_whole(seconds{1})) return fmt::format("{}s", length / seconds{1});
    return fmt::format("{}ms", length.count());
}

std::string rough_text(base::Duration length) {
    if (length >= days{2}) return fmt::format("{} d", length / days{1});
    if (length >= hours{2}) return fmt::format("{} h", length / hours{1});
    if (length >= minutes{2}) return fmt::format("{} min", length / minutes{1});
    return fmt::format("{} s", length / seconds{1});
}

std::string age_text(base::EventTime time, base::EventTime now) {
    return time <= now ? rough_text(now - time) + " ago" : "in " + rough_text(time - now);
}

}  // namespace shell
