#include "drivers/tables/time_pattern.hpp"

#include <fmt/format.h>

#include <array>

namespace drivers::tables {

namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;

constexpr std::string_view kLetters = "YmdeHIMSpybBaAjz%";
constexpr std::array<std::string_view, 12> kMonths{"january",   "february", "march",    "april",
                                                   "may",       "june",     "july",     "august",
                                                   "september", "october",  "november", "december"};
constexpr std::array<std::string_view, 7> kDays{"monday", "tuesday",  "wednesday", "thursday",
                                                "friday", "saturday", "sunday"};
constexpr std::size_t kShortName = 3;

struct Parts {
    int year = 1970;
    int month = 1;
    int day = 1;
    std::optional<int> day_of_year;
    int hour = 0;
    int minute = 0;
    int second = 0;
    int millisecond = 0;
    std::optional<bool> afternoon;
    std::optional<minutes> zone;
};

/// Reads a text from its front, letter by letter of a pattern.
class Scanner {
  public:
    explicit Scanner(std::string_view text) : rest_(text) {}

    bool done() const { return rest_.empty(); }

    bool literal(char c) {
        if (!rest_.starts_with(c)) return false;
        rest_.remove_prefix(1);
        return true;
    }

    bool letter(char letter, Parts& parts) {
        switch (letter) {
            case 'Y':
                return number(4, 4, parts.year);
            case 'y':
                return short_year(parts);
            case 'm':
                return number(1, 2, parts.month);
            case 'b':
            case 'B':
                return month_name(parts);
            case 'a':
            case 'A':
                return name_of(kDays).has_value();
            case 'd':
                return number(1, 2, parts.day);
            case 'e':
                return (literal(' ') || true) && number(1, 2, parts.day);
            case 'j':
                return number(1, 3, parts.day_of_year.emplace());
            case 'H':
            case 'I':
                return number(1, 2, parts.hour);
            case 'M':
                return number(1, 2, parts.minute);
            case 'S':
                return number(1, 2, parts.second) && fraction(parts);
            case 'p':
                return half_day(parts);
            case 'z':
                return zone(parts);
            default:
                return literal(letter);
        }
    }

  private:
    bool number(std::size_t least, std::size_t most, int& result) {
        std::size_t digits = 0;
        result = 0;
        while (digits < most && digits < rest_.size() && rest_[digits] >= '0' &&
               rest_[digits] <= '9') {
            result = result * 10 + (rest_[digits++] - '0');
        }
        rest_.remove_prefix(digits);
        return digits >= least;
    }

    bool short_year(Parts& parts) {
        if (!number(2, 2, parts.year)) return false;
        parts.year += parts.year < 69 ? 2000 : 1900;  // As in POSIX strptime.
        return true;
    }

    /// Digits beyond milliseconds are dropped.
    bool fraction(Parts& parts) {
        if (!rest_.starts_with('.') && !rest_.starts_with(',')) return true;
        rest_.remove_prefix(1);
        int scale = 100;
        bool any = false;
        for (; !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9'; scale /= 10) {
            parts.millisecond += (rest_.front() - '0') * scale;
            rest_.remove_prefix(1);
            any = true;
        }
        return any;
    }

    std::string lower(std::size_t length) const {
        std::string word{rest_.substr(0, length)};
        for (auto& c : word) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        return word;
    }

    /// Cuts off one of the names, whole or its first three letters.
    template <std::size_t N>
    std::optional<std::size_t> name_of(const std::array<std::string_view, N>& names) {
        for (std::size_t i = 0; i < N; ++i) {
            for (const auto name : {names.at(i), names.at(i).substr(0, kShortName)}) {
                if (lower(name.size()) != name) continue;
                rest_.remove_prefix(name.size());
                return i;
            }
        }
        return std::nullopt;
    }

    bool month_name(Parts& parts) {
        const auto month = name_of(kMonths);
        if (month) parts.month = static_cast<int>(*month) + 1;
        return month.has_value();
    }

    bool half_day(Parts& parts) {
        // WeatherLink writes "12:00a".
        const auto word = lower(2);
        if (!word.starts_with('a') && !word.starts_with('p')) return false;
        parts.afternoon = word.front() == 'p';
        rest_.remove_prefix(word.ends_with('m') ? 2 : 1);
        return true;
    }

    bool zone(Parts& parts) {
        if (literal('Z') || literal('z')) {
            parts.zone = minutes{0};
            return true;
        }
        const bool west = rest_.starts_with('-');
        if (!literal('+') && !literal('-')) return false;
        int hours = 0;
        int rest = 0;
        if (!number(2, 2, hours)) return false;
        literal(':');
        if (!number(2, 2, rest) || hours > 23 || rest > 59) return false;
        parts.zone = minutes{(west ? -1 : 1) * (hours * 60 + rest)};
        return true;
    }

    std::string_view rest_;
};

std::optional<std::chrono::sys_days> date_of(const Parts& parts) {
    using namespace std::chrono;
    if (parts.day_of_year) {
        const year whole{parts.year};
        const int days = whole.is_leap() ? 366 : 365;
        if (*parts.day_of_year < 1 || *parts.day_of_year > days) return std::nullopt;
        return sys_days{whole / 1 / 1} + std::chrono::days{*parts.day_of_year - 1};
    }
    const year_month_day date{year{parts.year}, month{static_cast<unsigned>(parts.month)},
                              day{static_cast<unsigned>(parts.day)}};
    if (!date.ok()) return std::nullopt;
    return sys_days{date};
}

std::optional<WrittenTime> assemble(Parts parts) {
    using namespace std::chrono;
    if (parts.afternoon) {
        if (parts.hour < 1 || parts.hour > 12) return std::nullopt;
        parts.hour = parts.hour % 12 + (*parts.afternoon ? 12 : 0);
    }
    const auto date = date_of(parts);
    // 24:00:00 ends a day (ISO 8601); a leap second counts as the first one of the next minute.
    const bool end_of_day =
        parts.hour == 24 && parts.minute == 0 && parts.second == 0 && parts.millisecond == 0;
    if (!date || (parts.hour > 23 && !end_of_day) || parts.minute > 59 || parts.second > 60) {
        return std::nullopt;
    }
    const auto at = base::EventTime{*date} + hours{parts.hour} + minutes{parts.minute} +
                    seconds{parts.second} + milliseconds{parts.millisecond} -
                    parts.zone.value_or(minutes{0});
    if (at < base::EventTime{} || at >= kTimesEnd) return std::nullopt;
    return WrittenTime{.at = at, .has_zone = parts.zone.has_value()};
}

/// What it takes to understand a letter that is not.
std::string hint(char letter) {
    switch (letter) {
        case 'Z':
            return "; a zone's short name can mean several: set time_zone instead";
        case 's':
            return "; for seconds since 1970 write \"unix\"";
        case 'f':
            return "; it may only follow %S. or %S,";
        default:
            return {};
    }
}

/// Writes out %T and its like; an error for an unknown letter.
base::Result<std::string> expand(const std::string& pattern) {
    std::string result;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        result += pattern[i];
        if (pattern[i] != '%') continue;
        const char letter = ++i < pattern.size() ? pattern[i] : '\0';
        result.pop_back();
        switch (letter) {
            case 'T':
                result += "%H:%M:%S";
                continue;
            case 'R':
                result += "%H:%M";
                continue;
            case 'F':
                result += "%Y-%m-%d";
                continue;
            case 'D':
                result += "%m/%d/%y";
                continue;
            case 'f':
                // %S reads the fraction by itself.
                if (!result.ends_with("%S.") && !result.ends_with("%S,")) break;
                result.pop_back();
                continue;
            default:
                break;
        }
        if (letter == '\0' || kLetters.find(letter) == std::string_view::npos) {
            return base::Error{base::Fault::misconfigured,
                               fmt::format("\"{}\": %{} is not understood{}; letters are "
                                           "Y m d e H I M S p y b B a A j z T F D R %",
                                           pattern, letter == '\0' ? ' ' : letter, hint(letter))};
        }
        result += {'%', letter};
    }
    return result;
}

/// A part of a time, and the letters that stand for it.
struct Slot {
    std::string_view letters;
    const char* name;
};

constexpr Slot kYear{"Yy", "year"};
constexpr Slot kMonth{"mbBj", "month"};
constexpr Slot kDay{"dej", "day"};
constexpr Slot kHour{"HI", "hour"};
constexpr Slot kMinute{"M", "minute"};
constexpr Slot kSecond{"S", "second"};
constexpr Slot kHalf{"p", "half of the day"};
constexpr Slot kZone{"z", "zone"};

/// How often a part of the time stands in a pattern.
std::size_t count(const std::string& letters, const Slot& slot) {
    std::size_t found = 0;
    for (std::size_t i = 0; i + 1 < letters.size(); ++i) {
        if (letters[i] != '%') continue;
        if (slot.letters.find(letters[++i]) != std::string_view::npos) ++found;
    }
    return found;
}

/// What is missing for a date, and what to write; empty when nothing is.
std::string date_trouble(const std::string& letters) {
    const bool has_minute = count(letters, kMinute) > 0;
    if (count(letters, kYear) == 0) {
        return "it has no year; write %Y for 2025, %y for 25; times without a year cannot be read";
    }
    if (count(letters, kMonth) == 0) {
        return has_minute && count(letters, kHour) == 0
                   ? "it has no month: %M is the minute; write %m"
                   : "it has no month; write %m for 07, %b for Jul, or %j for the day of the year";
    }
    if (count(letters, kDay) == 0) return "it has no day; write %d for 07";
    return {};
}

std::string clock_trouble(const std::string& letters) {
    const bool has_hour = count(letters, kHour) > 0;
    if (letters.find("%I") != std::string::npos && count(letters, kHalf) == 0) {
        return "%I is the hour up to 12, and needs %p for AM or PM; write %H for one up to 23";
    }
    if (count(letters, kHalf) > 0 && !has_hour) return "%p needs an hour; write %I";
    if (count(letters, kMinute) > 0 && !has_hour) {
        return "it has minutes and no hour; %M is the minute, %m the month, %H the hour";
    }
    if (count(letters, kSecond) > 0 && count(letters, kMinute) == 0) {
        return "it has seconds and no minutes; write %M for the minute";
    }
    return {};
}

/// Why no instant could be made of what a pattern reads; empty when one can.
std::string trouble(const std::string& letters) {
    for (const auto& slot : {kYear, kMonth, kDay, kHour, kMinute, kSecond, kHalf, kZone}) {
        if (count(letters, slot) < 2) continue;
        const bool is_minute = slot.name == kMonth.name && count(letters, kMinute) == 0;
        return fmt::format("it has the {} twice{}", slot.name,
                           is_minute ? ": %m is the month, and %M the minute" : "");
    }
    auto found = date_trouble(letters);
    return found.empty() ? clock_trouble(letters) : found;
}

}  // namespace

base::Result<TimePattern> TimePattern::parse(const std::string& text) {
    auto letters = expand(text);
    if (!letters) return letters.error();
    if (const auto wrong = trouble(letters.value()); !wrong.empty()) {
        return base::Error{base::Fault::misconfigured, fmt::format("\"{}\": {}", text, wrong)};
    }
    return TimePattern{std::move(letters).value()};
}

std::optional<WrittenTime> TimePattern::read(std::string_view text) const {
    Scanner scanner(text);
    Parts parts;
    for (std::size_t i = 0; i < letters_.size(); ++i) {
        const bool letter = letters_[i] == '%';
        if (letter) ++i;
        if (letter ? !scanner.letter(letters_[i], parts) : !scanner.literal(letters_[i])) {
            return std::nullopt;
        }
    }
    if (!scanner.done()) return std::nullopt;
    return assemble(parts);
}

bool TimePattern::has_time_of_day() const {
    return letters_.find("%H") != std::string::npos || letters_.find("%I") != std::string::npos;
}

}  // namespace drivers::tables
