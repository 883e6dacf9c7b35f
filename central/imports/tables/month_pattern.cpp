#include "central/imports/tables/month_pattern.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace imports::tables {

namespace {

constexpr unsigned kCentury = 2'000;
constexpr unsigned kYearLeast = 1'970;

/// What a word between braces stands for: so many digits, at least and at most.
struct Word {
    std::string_view text;
    std::size_t least;
    std::size_t most;
    bool is_year;
};

constexpr std::array<Word, 4> kWords{
    {{"{yyyy}", 4, 4, true}, {"{yy}", 2, 2, true}, {"{mm}", 2, 2, false}, {"{m}", 1, 2, false}}};

/// The word with which the text begins.
const Word* word_at(std::string_view text) {
    const auto* const found = std::find_if(kWords.begin(), kWords.end(), [&](const Word& word) {
        return text.starts_with(word.text);
    });
    return found == kWords.end() ? nullptr : found;
}

std::size_t digits_at(std::string_view text) {
    const auto end = text.find_first_not_of("0123456789");
    return std::min(end, text.size());
}

}  // namespace

base::Result<MonthPattern> MonthPattern::parse(const std::string& text) {
    const auto lower = base::lower(text);
    std::size_t years = 0;
    std::size_t months = 0;
    for (std::size_t at = lower.find('{'); at != std::string::npos; at = lower.find('{', at + 1)) {
        const auto* const word = word_at(std::string_view{lower}.substr(at));
        if (word == nullptr) {
            years = 0;
            break;
        }
        ++(word->is_year ? years : months);
    }
    if (years == 1 && months == 1) {
        MonthPattern pattern;
        pattern.text_ = text;
        return pattern;
    }
    return base::Error{base::Fault::misconfigured,
                       fmt::format("\"{}\" does not name tables of a month: write a year, {{YYYY}} "
                                   "or {{YY}}, and a month, {{MM}} or {{M}}, once each, as in "
                                   "\"sqlt_data_1_{{YYYY}}_{{MM}}\"",
                                   text)};
}

std::optional<std::chrono::year_month> MonthPattern::month_of(std::string_view name) const {
    const auto wanted = base::lower(text_);
    const auto lower = base::lower(name);
    std::string_view pattern{wanted};
    std::string_view rest{lower};
    unsigned year = 0;
    unsigned month = 0;
    while (!pattern.empty()) {
        const auto* const word = word_at(pattern);
        if (word == nullptr) {
            if (rest.empty() || rest.front() != pattern.front()) return std::nullopt;
            pattern.remove_prefix(1);
            rest.remove_prefix(1);
            continue;
        }
        const auto digits = std::min(digits_at(rest), word->most);
        if (digits < word->least) return std::nullopt;
        const auto number = base::parse_number<unsigned>(rest.substr(0, digits)).value_or(0);
        if (!word->is_year) month = number;
        if (word->is_year) year = word->most == 2 ? kCentury + number : number;
        pattern.remove_prefix(word->text.size());
        rest.remove_prefix(digits);
    }
    const std::chrono::year_month found{std::chrono::year{static_cast<int>(year)},
                                        std::chrono::month{month}};
    if (!rest.empty() || !found.ok() || year < kYearLeast) return std::nullopt;
    return found;
}

base::EventTime start_of(std::chrono::year_month month) {
    return std::chrono::sys_days{month / 1};
}

}  // namespace imports::tables
