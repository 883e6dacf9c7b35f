#include "central/validation/set_aside.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "wire/identity.hpp"
#include "wire/limits.hpp"

namespace validation {

namespace {

std::string places_text(const std::vector<std::size_t>& places) {
    std::string text;
    for (std::size_t i = 0; i < places.size();) {
        auto last = i;
        while (last + 1 < places.size() && places[last + 1] == places[last] + 1) ++last;
        if (!text.empty()) text += ',';
        text += std::to_string(places[i]);
        if (last > i) text += '-' + std::to_string(places[last]);
        i = last + 1;
    }
    return text;
}

template <class Number>
std::optional<Number> parse_number(std::string_view text) {
    Number number{};
    const auto* const end = text.data() + text.size();
    const auto result = std::from_chars(text.data(), end, number);
    if (result.ec != std::errc{} || result.ptr != end) return std::nullopt;
    return number;
}

/// Takes what stands before the separator, or all when there is none.
std::string_view split(std::string_view& text, char separator) {
    const auto end = std::min(text.find(separator), text.size());
    const auto part = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return part;
}

std::optional<std::vector<std::size_t>> parse_places(std::string_view text) {
    std::vector<std::size_t> places;
    while (!text.empty()) {
        auto range = split(text, ',');
        const auto first = parse_number<std::size_t>(split(range, '-'));
        const auto last = range.empty() ? first : parse_number<std::size_t>(range);
        if (!first || !last || *last < *first || *last >= wire::kRecordReadingsMax) {
            return std::nullopt;
        }
        if (!places.empty() && *first <= places.back()) return std::nullopt;
        for (auto place = *first; place <= *last; ++place) places.push_back(place);
    }
    if (places.empty()) return std::nullopt;
    return places;
}

std::optional<base::EventTime> parse_time(std::string_view text) {
    const auto number = parse_number<std::int64_t>(text);
    if (!number) return std::nullopt;
    return base::from_milliseconds(*number);
}

std::optional<Point> parse_point(std::string_view text) {
    const auto at = parse_time(split(text, ':'));
    const auto value = parse_number<double>(text);
    if (!at || !value || !std::isfinite(*value)) return std::nullopt;
    return Point{.at = *at, .value = *value};
}

/// Takes the word off that begins with the key; nothing when the next one does not.
std::optional<std::string_view> take(std::string_view& text, std::string_view key, char end) {
    if (!text.starts_with(key)) return std::nullopt;
    text.remove_prefix(key.size());
    return split(text, end);
}

}  // namespace

std::string to_text(const SetAside& aside) {
    auto text = fmt::format("{}#{} {} at={}", aside.series, places_text(aside.places),
                            to_text(aside.breach), base::to_milliseconds(aside.at));
    if (aside.before) {
        text += fmt::format(" before={}:{}", base::to_milliseconds(aside.before->at),
                            aside.before->value);
    }
    if (aside.unit) text += " unit=" + *aside.unit;
    return text;
}

std::optional<SetAside> parse_set_aside(std::string_view text) {
    if (text.find('#') == std::string_view::npos) return std::nullopt;
    SetAside aside;
    aside.series = split(text, '#');
    const auto places = parse_places(split(text, ' '));
    const auto breach = parse_breach(split(text, ' '));
    const auto at = take(text, "at=", ' ');
    if (!wire::is_series_name(aside.series) || !places || !breach || !at) return std::nullopt;
    const auto time = parse_time(*at);
    if (!time) return std::nullopt;
    aside.places = *places;
    aside.breach = *breach;
    aside.at = *time;
    if (const auto before = take(text, "before=", ' ')) {
        aside.before = parse_point(*before);
        if (!aside.before) return std::nullopt;
    }
    // The last, as it may hold anything.
    if (const auto unit = take(text, "unit=", '\0')) aside.unit = std::string{*unit};
    if (!text.empty()) return std::nullopt;
    return aside;
}

}  // namespace validation
