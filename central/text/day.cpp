#include "central/text/day.hpp"

#include <fmt/format.h>

#include <charconv>
#include <chrono>

namespace text {

std::optional<base::EventTime> parse_day(std::string_view text) {
    int year = 0;
    unsigned month = 0;
    unsigned day = 0;
    const auto read = [&](std::size_t from, std::size_t length, auto& number) {
        const auto* const end = text.data() + from + length;
        const auto result = std::from_chars(text.data() + from, end, number);
        return result.ec == std::errc{} && result.ptr == end;
    };
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
    if (!read(0, 4, year) || !read(5, 2, month) || !read(8, 2, day)) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{month},
                                           std::chrono::day{day}};
    if (!date.ok()) return std::nullopt;
    return base::from_milliseconds(
        std::chrono::milliseconds{std::chrono::sys_days{date}.time_since_epoch()}.count());
}

std::string day_text(base::EventTime time) {
    const std::chrono::year_month_day date{std::chrono::floor<std::chrono::days>(time)};
    return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

}  // namespace text
