#include "central/text/rfc3339.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstdlib>

#include "central/text/day.hpp"

namespace text {

namespace {

using std::chrono::days;
using std::chrono::minutes;

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
    const auto within = (local - day).count();
    auto text = fmt::format("{}{}{:02}:{:02}:{:02}", day_text(local), between, within / 3'600'000,
                            within / 60'000 % 60, within / 1'000 % 60);
    if (!is_short || within % 1'000 != 0) text += fmt::format(".{:03}", within % 1'000);
    return text + zone_text(ahead);
}

}  // namespace

std::string rfc3339(base::EventTime time, const drivers::tables::TimeZone& zone) {
    return text_of(time, zone, 'T', false);
}

std::string file_stamp(base::EventTime time) {
    auto stamp = rfc3339(time);
    std::erase_if(stamp, [](char c) { return c == '-' || c == ':'; });
    return stamp.substr(0, stamp.find('.')) + "Z";
}

std::string short_rfc3339(base::EventTime time, const drivers::tables::TimeZone& zone) {
    return text_of(time, zone, ' ', true);
}

}  // namespace text
