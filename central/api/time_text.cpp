#include "central/api/time_text.hpp"

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
constexpr base::EventTime kLatest =
    std::chrono::sys_days{std::chrono::year{9999} / std::chrono::December / 31} + hours{24};

base::Error not_a_time() {
    return {base::Fault::malformed,
            "write it as milliseconds since 1970, as 2026-11-20T08:31:00Z, as -6h, or as now"};
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

}  // namespace

base::Result<base::EventTime> parse_time(std::string_view text, base::EventTime now) {
    constexpr base::Duration kLongestAgo{std::chrono::hours{24} * 366 * 10'000};
    std::optional<base::EventTime> time;
    if (text == "now") {
        time = now;
    } else if (text.starts_with('-')) {
        const auto ago = base::parse_duration(text.substr(1));
        if (ago && ago.value() <= kLongestAgo) time = now - ago.value();
    } else if (const auto ms = whole_number(text); ms && *ms <= base::to_milliseconds(kLatest)) {
        time = base::from_milliseconds(*ms);
    } else {
        time = parse_rfc3339(text);
    }
    if (!time) return not_a_time();
    if (*time < kEarliest || *time > kLatest) {
        return base::Error{base::Fault::malformed, "that is outside the years 1970 to 9999"};
    }
    return *time;
}

}  // namespace api
