#include "central/imports/tables/tag_map.hpp"

#include <fmt/format.h>

#include <string_view>

#include "drivers/core/names.hpp"
#include "drivers/tables/column_options.hpp"
#include "wire/identity.hpp"

namespace imports::tables {

namespace {

using Words = std::map<std::string, std::string, std::less<>>;

bool is_rule(const std::string& path) {
    return path.find_first_of("*{") != std::string::npos;
}

/// Fills `words` with what stands in the path for each word of the pattern. A word stands for as
/// much as it can.
bool fits(std::string_view pattern, std::string_view path, Words& words) {
    if (pattern.empty()) return path.empty();
    const bool is_star = pattern.front() == '*';
    const auto end = pattern.front() == '{' ? pattern.find('}') : std::string_view::npos;
    if (!is_star && end == std::string_view::npos) {
        return !path.empty() && pattern.front() == path.front() &&
               fits(pattern.substr(1), path.substr(1), words);
    }
    const auto rest = pattern.substr(is_star ? 1 : end + 1);
    const auto most = is_star ? path.size() : std::min(path.find('/'), path.size());
    const std::size_t least = is_star ? 0 : 1;
    for (auto length = most + 1; length-- > least;) {
        if (!fits(rest, path.substr(length), words)) continue;
        if (!is_star) words.emplace(pattern.substr(1, end - 1), path.substr(0, length));
        return true;
    }
    return false;
}

/// The text with the words in place of their names; nothing when it names another word.
std::optional<std::string> filled(std::string_view text, const Words& words) {
    std::string result;
    while (!text.empty()) {
        const auto open = text.find('{');
        result += text.substr(0, open);
        if (open == std::string_view::npos) break;
        const auto close = text.find('}', open);
        if (close == std::string_view::npos) return std::nullopt;
        const auto word = words.find(text.substr(open + 1, close - open - 1));
        if (word == words.end()) return std::nullopt;
        result += drivers::safe_name(word->second);
        text.remove_prefix(close + 1);
    }
    return result;
}

/// "sensor.quantity:unit"
base::Result<TagSeries> parse(const std::string& path, const std::string& text) {
    const auto dot = text.find('.');
    const auto sensor = text.substr(0, dot);
    if (dot == std::string::npos || !drivers::is_name(sensor)) {
        return base::Error{base::Fault::misconfigured,
                           fmt::format("{}: \"{}\" is no series; write sensor.quantity:unit, as in "
                                       "\"line1.temperature:Cel\"",
                                       path, text)};
    }
    const auto column = drivers::tables::parse_column(path, text.substr(dot + 1));
    if (!column) return column.error();
    const auto& options = column.value();
    TagSeries series{.name = sensor + "." + options.quantity,
                     .quantity = options.quantity,
                     .unit = options.unit};
    if (options.written.empty()) return series;
    series.scale = drivers::clear_unit(options.written).value().scale;
    return series;
}

/// What a rule would make of a path whose words are all a letter.
base::Status check_rule(const std::string& path, const std::string& series) {
    Words words;
    for (auto open = path.find('{'); open != std::string::npos; open = path.find('{', open + 1)) {
        const auto close = path.find('}', open);
        if (close == std::string::npos) break;
        words.emplace(path.substr(open + 1, close - open - 1), "x");
    }
    const auto example = filled(series, words);
    if (!example) {
        return base::Error{
            base::Fault::misconfigured,
            fmt::format("{}: \"{}\" has a word in braces that the path has not", path, series)};
    }
    const auto parsed = parse(path, *example);
    if (!parsed) return parsed.error();
    return base::Done{};
}

}  // namespace

TagMap TagMap::read(base::Settings& settings) {
    TagMap map;
    for (const auto& [path, series] : settings.pairs()) {
        map.text_ += path + "\n" + series + "\n";
        if (is_rule(path)) {
            if (auto good = check_rule(path, series); !good) {
                settings.refuse(path, good.error().detail);
            }
            map.rules_.push_back({path, series});
            continue;
        }
        const auto parsed = parse(path, series);
        if (parsed) {
            map.series_.emplace(path, parsed.value());
        } else {
            settings.refuse(path, parsed.error().detail);
        }
    }
    return map;
}

std::vector<std::string> TagMap::paths() const {
    std::vector<std::string> paths;
    for (const auto& one : series_) paths.push_back(one.first);
    return paths;
}

base::Result<std::optional<TagSeries>> TagMap::find(const std::string& path) const {
    if (const auto known = series_.find(path); known != series_.end()) {
        return std::optional{known->second};
    }
    for (const auto& rule : rules_) {
        Words words;
        if (!fits(rule.path, path, words)) continue;
        const auto series = filled(rule.series, words);
        if (!series) continue;
        auto parsed = parse(path, *series);
        if (!parsed) return parsed.error();
        return std::optional{std::move(parsed).value()};
    }
    return std::optional<TagSeries>{};
}

}  // namespace imports::tables
