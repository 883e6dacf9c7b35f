#include "central/text/day.hpp"

#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <cstdint>
#include <ratio>

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
    // The calendar repeats itself every 400 years, and that of the library has only 65 536.
    using Cycle = std::chrono::duration<std::int64_t, std::ratio<std::int64_t{146'097} * 86'400>>;
    const auto cycles = std::chrono::floor<Cycle>(time).time_since_epoch();
    const std::chrono::year_month_day date{std::chrono::floor<std::chrono::days>(time - cycles)};
    const auto year = static_cast<int>(date.year()) + 400 * cycles.count();
    return fmt::format("{:04}-{:02}-{:02}", year, static_cast<unsigned>(date.month()),
                       static_cast<unsigned>(date.day()));
}

}  // namespace text
