#include "drivers/mqtt/options/topic_filter.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "drivers/core/names.hpp"

namespace drivers::mqtt {

namespace {

constexpr std::size_t kFilterBytesMax = 256;

bool is_wild(const std::string& level) {
    return level == "+" || level == "#";
}

}  // namespace

std::vector<std::string> topic_levels(std::string_view topic) {
    std::vector<std::string> levels;
    for (std::size_t at = 0; at <= topic.size();) {
        const auto slash = std::min(topic.find('/', at), topic.size());
        levels.emplace_back(topic.substr(at, slash - at));
        at = slash + 1;
    }
    return levels;
}

std::string join_levels(const std::vector<std::string>& levels) {
    return fmt::format("{}", fmt::join(levels, "/"));
}

base::Result<TopicFilter> TopicFilter::parse(const std::string& text) {
    const auto wrong = [&](std::string_view why) {
        return base::Error{base::Fault::misconfigured,
                           fmt::format("\"{}\" is not a topic filter: {}", shown(text), why)};
    };
    if (text.empty()) return wrong("it is empty");
    if (text.size() > kFilterBytesMax) return wrong("it is longer than 256 bytes");
    if (text.find('\0') != std::string::npos) return wrong("it contains a zero byte");
    auto levels = topic_levels(text);
    for (std::size_t i = 0; i < levels.size(); ++i) {
        const bool has_wildcard = levels[i].find_first_of("+#") != std::string::npos;
        if (has_wildcard && !is_wild(levels[i])) return wrong("a wildcard must be a whole level");
        if (levels[i] == "#" && i + 1 < levels.size()) return wrong("# must come last");
    }
    return TopicFilter{text, std::move(levels)};
}

bool TopicFilter::matches(const std::vector<std::string>& topic) const {
    if (is_wild(levels_.front()) && topic.front().starts_with('$')) return false;
    for (std::size_t i = 0; i < levels_.size(); ++i) {
        if (levels_[i] == "#") return true;
        if (i >= topic.size()) return false;
        if (levels_[i] != "+" && levels_[i] != topic[i]) return false;
    }
    return topic.size() == levels_.size();
}

std::vector<std::string> TopicFilter::wild_levels(const std::vector<std::string>& topic,
                                                  std::size_t levels_max) const {
    std::vector<std::string> wild;
    const auto end = std::min(topic.size(), levels_max);
    for (std::size_t i = 0; i < end; ++i) {
        const auto& level = levels_[std::min(i, levels_.size() - 1)];
        if (is_wild(level)) wild.push_back(topic[i]);
    }
    return wild;
}

bool TopicFilter::overlaps(const TopicFilter& other) const {
    const auto& a = levels_;
    const auto& b = other.levels_;
    for (std::size_t i = 0; i < std::max(a.size(), b.size()); ++i) {
        // "a/#" matches "a" too.
        const bool a_open = i < a.size() ? a[i] == "#" : false;
        const bool b_open = i < b.size() ? b[i] == "#" : false;
        if (a_open || b_open) return true;
        if (i >= a.size() || i >= b.size()) return false;
        if (a[i] != b[i] && a[i] != "+" && b[i] != "+") return false;
    }
    return true;
}

bool TopicFilter::covers(const TopicFilter& other) const {
    for (std::size_t i = 0; i < levels_.size(); ++i) {
        if (levels_[i] == "#") return true;
        if (i >= other.levels_.size() || other.levels_[i] == "#") return false;
        if (levels_[i] != "+" && levels_[i] != other.levels_[i]) return false;
    }
    return levels_.size() == other.levels_.size();
}

}  // namespace drivers::mqtt
