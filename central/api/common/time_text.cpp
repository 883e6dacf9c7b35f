#include "central/api/common/time_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <optional>

#include "base/settings.hpp"

namespace api {

namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr base::EventTime kEarliest{};
constexpr base::EventTime kYear10000 =
    std::chrono::sys_days{std::chrono::year{10000} / std::chrono::January / 1};

base::Error not_a_time(std::string_view why = {}) {
    return {base::Fault::malformed,
            fmt::format("{}write it as milliseconds since 1970, as 2026-11-20T08:31:00Z, as -6h, "
                        "or as now",
                        why)};
}

base::Error outside() {
    return {base::Fault::malformed, "that is outside the years 1970 to 9999"};
}

base::Error not_milliseconds(const char* unit, std::int64_t milliseconds) {
    return {
        base::Fault::malformed,
        fmt::format("that looks like {} since 1970; in milliseconds it is {}", unit, milliseconds)};
}

bool all_digits(std::string_view text) {
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::optional<std::int64_t> whole_number(std::string_view digits) {
    std::int64_t number = 0;
    const auto end = digits.data() + digits.size();
    const auto parsed = std::from_chars(digits.data(), end, number);
    if (digits.empty() || digits.front() == '-') return std::nullopt;
    if (parsed.ec != std::errc{} || parsed.ptr != end) return std::nullopt;
    return number;
}

/// Reads RFC 3339 from left to right. After the first error the result stays an error.
class Reader {
  public:
    explicit Reader(std::string_view text) : rest_(text) {}

    int number(std::size_t digits) {
        const auto found = whole_number(rest_.substr(0, digits));
        if (rest_.size() < digits || !found) {
            good_ = false;
            return 0;
        }
        rest_.remove_prefix(digits);
        return static_cast<int>(*found);
    }
    bool skip(std::string_view any_of) {
        if (rest_.empty() || any_of.find(rest_.front()) == std::string_view::npos) return false;
        rest_.remove_prefix(1);
        return true;
    }
    void expect(std::string_view any_of) { good_ = skip(any_of) && good_; }

    /// Milliseconds of a fraction of a second; digits beyond the third are dropped.
    base::Duration fraction() {
        if (!skip(".")) return {};
        int milliseconds = 0;
        int scale = 100;
        std::size_t digits = 0;
        for (; !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9'; ++digits) {
            milliseconds += scale * (rest_.front() - '0');
            scale /= 10;
            rest_.remove_prefix(1);
        }
        good_ = good_ && digits > 0;
        return base::Duration{milliseconds};
    }
    minutes offset() {
        if (skip("Zz")) return {};
        const bool west = !rest_.empty() && rest_.front() == '-';
        expect("+-");
        const int hour = number(2);
        expect(":");
        const int minute = number(2);
        good_ = good_ && hour < 24 && minute < 60;
        const auto size = hours{hour} + minutes{minute};
        return west ? -size : size;
    }
    bool finished() const { return good_ && rest_.empty(); }

  private:
    std::string_view rest_;
    bool good_ = true;
};

/// Milliseconds. Between 1970 and 1973 nobody has readings; what would lie there was meant in
/// seconds, as `date +%s` gives them. What would lie beyond 9999 was meant in smaller units.
base::Result<base::EventTime> parse_number(std::string_view digits) {
    constexpr std::int64_t kSecondsFrom = 100'000'000;    // 1973, in seconds.
    constexpr std::int64_t kSecondsTo = 100'000'000'000;  // 1973, in milliseconds.
    const auto number = whole_number(digits);
    if (!number) return outside();
    if (*number >= kSecondsFrom && *number < kSecondsTo) {
        return not_milliseconds("seconds", *number * 1'000);
    }
    const auto end = base::to_milliseconds(kYear10000);
    if (*number < end) return base::from_milliseconds(*number);
    if (*number / 1'000 < end) return not_milliseconds("microseconds", *number / 1'000);
    return not_milliseconds("nanoseconds", *number / 1'000'000);
}

/// "1763630000.25" as Python's time() and `date +%s.%N` give it.
bool is_fraction(std::string_view text) {
    const auto dot = text.find('.');
    return dot != std::string_view::npos && all_digits(text.substr(0, dot)) &&
           all_digits(text.substr(dot + 1));
}

std::optional<base::EventTime> parse_rfc3339(std::string_view text) {
    Reader reader{text};
    const std::chrono::year year{reader.number(4)};
    reader.expect("-");
    const std::chrono::month month{static_cast<unsigned>(reader.number(2))};
    reader.expect("-");
    const std::chrono::day day{static_cast<unsigned>(reader.number(2))};
    reader.expect("Tt ");
    const int hour = reader.number(2);
    reader.expect(":");
    const int minute = reader.number(2);
    const bool has_seconds = reader.skip(":");
    const int second = has_seconds ? reader.number(2) : 0;
    const auto fraction = has_seconds ? reader.fraction() : base::Duration{};
    const auto offset = reader.offset();
    const std::chrono::year_month_day date{year, month, day};
    // 60 is a leap second (RFC 3339 §5.6); it becomes the second after it.
    if (!reader.finished() || !date.ok() || hour > 23 || minute > 59 || second > 60) {
        return std::nullopt;
    }
    return std::chrono::sys_days{date} + hours{hour} + minutes{minute} + seconds{second} +
           fraction - offset;
}

/// What a person most likely got wrong, as the beginning of a sentence; empty when that is not
/// clear.
std::string_view cause_of(std::string_view text) {
    if (is_fraction(text)) return "a number must be whole milliseconds: ";
    if (parse_rfc3339(std::string{text} + "Z")) {
        return "the zone is missing, end it with Z for UTC or with +01:00: ";
    }
    if (parse_rfc3339(std::string{text} + "T00:00Z")) return "the time of the day is missing: ";
    const auto blank = text.rfind(' ');
    if (blank != std::string_view::npos && parse_rfc3339(std::string{text.substr(0, blank)} + "+" +
                                                         std::string{text.substr(blank + 1)})) {
        return "a + in an address is read as a blank, write it as %2B: ";
    }
    return {};
}

}  // namespace

base::Result<base::EventTime> parse_time(std::string_view text, base::EventTime now) {
    constexpr base::Duration kLongestAgo{std::chrono::hours{24} * 366 * 10'000};
    if (all_digits(text)) return parse_number(text);
    std::optional<base::EventTime> time;
    if (text == "now") {
        time = now;
    } else if (text.starts_with('-')) {
        const auto ago = base::parse_duration(text.substr(1));
        if (ago && ago.value() <= kLongestAgo) time = now - ago.value();
    } else {
        time = parse_rfc3339(text);
    }
    if (!time) return not_a_time(cause_of(text));
    if (*time < kEarliest || *time >= kYear10000) return outside();
    return *time;
}

std::optional<http::Problem> read_time(const http::Target& target, const char* name,
                                       base::EventTime now, base::EventTime& time) {
    const auto text = target.find(name);
    if (!text) return std::nullopt;
    const auto parsed = parse_time(*text, now);
    if (!parsed) return http::bad_parameter(name, parsed.error().detail);
    time = parsed.value();
    return std::nullopt;
}

}  // namespace api
