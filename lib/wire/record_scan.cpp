#include "wire/record_scan.hpp"

#include <algorithm>
#include <charconv>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "wire/limits.hpp"

namespace wire {

namespace {

constexpr std::size_t kColumnsMax = 64;  // To look for duplicates among more would be slow.

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// Takes the line apart from its beginning. A step that returns false has met something that
/// encode_record() would not write so; the scanner is of no use then.
class Scanner {
  public:
    explicit Scanner(std::string_view line) : rest_(line) {}

    bool skip(std::string_view text) {
        if (!rest_.starts_with(text)) return false;
        rest_.remove_prefix(text.size());
        return true;
    }
    bool is_at_end() const { return rest_.empty(); }

    /// What stands before the next quotation mark, when it stands for itself; takes the mark, too.
    bool take_text(std::string_view& found) {
        const auto end = rest_.find('"');
        if (end == std::string_view::npos) return false;
        found = rest_.substr(0, end);
        rest_.remove_prefix(end + 1);
        return std::all_of(found.begin(), found.end(),
                           [](char c) { return c >= ' ' && c <= '~' && c != '\\'; });
    }

    /// Of at most 2^53-1, positive or negative.
    bool take_whole(std::int64_t& number) {
        const auto length = digits_from(is_next('-') ? 1 : 0);
        if (length == 0) return false;
        const auto* begin = rest_.data();
        if (std::from_chars(begin, begin + length, number).ec != std::errc{}) return false;
        rest_.remove_prefix(length);
        constexpr auto kMost = static_cast<std::int64_t>(kSequenceMax);
        return !is_part_of_number() && number <= kMost && number >= -kMost;
    }

    bool take_number(double& number) {
        const auto length = number_length();
        if (length == 0) return false;
        const auto* begin = rest_.data();
        const auto read = std::from_chars(begin, begin + length, number);
        if (read.ec != std::errc{} || read.ptr != begin + length) return false;
        // A whole number has no negative zero.
        if (number == 0 && rest_.substr(0, length) == "-0") number = 0;
        rest_.remove_prefix(length);
        return true;
    }

    /// How many numbers the list has that begins here.
    std::size_t numbers_in_list() const {
        const auto list = rest_.substr(0, rest_.find(']'));
        return 1 + static_cast<std::size_t>(std::count(list.begin(), list.end(), ','));
    }

    /// Up to the end of a list that is not empty, whose beginning was taken.
    template <class Number>
    bool take_list(std::vector<Number>& numbers, bool (Scanner::*one)(Number&)) {
        do {
            if (!(this->*one)(numbers.emplace_back())) return false;
        } while (skip(","));
        return skip("]");
    }

  private:
    bool is_next(char c) const { return !rest_.empty() && rest_.front() == c; }
    bool is_part_of_number() const { return is_next('.') || is_next('e') || is_next('E'); }
    char at(std::size_t place) const { return place < rest_.size() ? rest_[place] : '\0'; }

    std::size_t after_digits(std::size_t place) const {
        while (is_digit(at(place))) ++place;
        return place;
    }
    /// Where the digits end that begin there, as JSON allows them; 0: there are none.
    std::size_t digits_from(std::size_t begin) const {
        const auto end = after_digits(begin);
        if (end == begin || (at(begin) == '0' && end > begin + 1)) return 0;
        return end;
    }
    /// RFC 8259, section 6; 0: it is no number.
    std::size_t number_length() const {
        auto end = digits_from(is_next('-') ? 1 : 0);
        if (end == 0) return 0;
        if (at(end) == '.') {
            const auto fraction = end + 1;
            end = after_digits(fraction);
            if (end == fraction) return 0;
        }
        if (at(end) == 'e' || at(end) == 'E') {
            const auto sign = at(end + 1);
            const auto exponent = end + (sign == '+' || sign == '-' ? 2 : 1);
            end = after_digits(exponent);
            if (end == exponent) return 0;
        }
        return end;
    }

    std::string_view rest_;
};

bool scan_time(Scanner& scanner, Data& data) {
    std::int64_t at = 0;
    if (!scanner.take_whole(at) || !scanner.skip(R"(,"clk":")")) return false;
    data.at = base::from_milliseconds(at);
    std::string_view text;
    if (!scanner.take_text(text)) return false;
    const auto clock = parse_clock_state(text);
    if (!clock) return false;
    data.clock = *clock;
    const bool counts_from_boot = data.clock == ClockState::boot;
    if (!scanner.skip(R"(,"boot":")")) return !counts_from_boot;
    if (!scanner.take_text(text) || text.empty() || text.size() > kNameBytesMax) return false;
    data.boot = text;
    if (counts_from_boot) return at >= 0;
    if (!scanner.skip(R"(,"bt":)")) return true;
    std::int64_t since_boot = 0;
    if (!scanner.take_whole(since_boot) || since_boot < 0) return false;
    data.since_boot = base::Duration{since_boot};
    return true;
}

const RawColumn& points_of(const Column& column) {
    return std::get<RawColumn>(column.points);
}

/// The offsets of the earlier column that is named.
bool scan_namesake(Scanner& scanner, const std::vector<Column>& earlier,
                   std::vector<std::int64_t>& offsets) {
    std::string_view name;
    if (!scanner.take_text(name)) return false;
    const auto same = std::find_if(earlier.begin(), earlier.end(),
                                   [&](const Column& column) { return column.series == name; });
    if (same == earlier.end()) return false;
    offsets = points_of(*same).dt_ms;
    return true;
}

bool scan_points(Scanner& scanner, const std::vector<Column>& earlier, RawColumn& column) {
    if (!scanner.skip(R"(:{"dt":)")) return false;
    if (scanner.skip("[")) {
        column.dt_ms.reserve(scanner.numbers_in_list());
        if (!scanner.take_list(column.dt_ms, &Scanner::take_whole)) return false;
    } else if (!scanner.skip("\"") || !scan_namesake(scanner, earlier, column.dt_ms)) {
        return false;
    }
    column.values.reserve(column.dt_ms.size());
    return scanner.skip(R"(,"v":[)") && scanner.take_list(column.values, &Scanner::take_number) &&
           scanner.skip("}") && column.values.size() == column.dt_ms.size();
}

bool scan_columns(Scanner& scanner, Data& data) {
    std::size_t readings = 0;
    do {
        std::string_view name;
        if (!scanner.skip("\"") || !scanner.take_text(name)) return false;
        const bool is_known =
            std::any_of(data.columns.begin(), data.columns.end(),
                        [&](const Column& column) { return column.series == name; });
        if (is_known || data.columns.size() == kColumnsMax || !is_series_name(name)) return false;
        RawColumn column;
        if (!scan_points(scanner, data.columns, column)) return false;
        if (!has_exact_times(column.dt_ms, data.at)) return false;
        readings += column.values.size();
        data.columns.push_back({.series = std::string{name}, .points = std::move(column)});
    } while (scanner.skip(","));
    return readings <= kRecordReadingsMax;
}

}  // namespace

std::optional<Record> scan_record(std::string_view line) {
    if (line.size() > kLineBytesMax) return std::nullopt;
    Scanner scanner{line};
    Data data;
    const bool is_good = scanner.skip(R"({"k":"data","t":)") && scan_time(scanner, data) &&
                         scanner.skip(R"(,"series":{)") && scan_columns(scanner, data) &&
                         scanner.skip("}}") && scanner.is_at_end();
    if (!is_good) return std::nullopt;
    return Record{.body = std::move(data), .origin = {}};
}

}  // namespace wire
