#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace drivers::mqtt {

/// The levels of a topic or filter, between its slashes.
std::vector<std::string> topic_levels(std::string_view topic);
std::string join_levels(const std::vector<std::string>& levels);

/// An MQTT topic filter: `+` stands for one level, `#` at the end for any number (MQTT 5.0, section
/// 4.7). Pure text.
class TopicFilter {
  public:
    /// The detail says what is wrong.
    static base::Result<TopicFilter> parse(const std::string& text);

    const std::string& text() const { return text_; }
    const std::vector<std::string>& levels() const { return levels_; }
    bool ends_open() const { return levels_.back() == "#"; }

    /// Whether the topic matches.
    bool matches(const std::vector<std::string>& topic) const;

    /// What the wildcards stand for in a matching topic, within its first `levels_max` levels.
    std::vector<std::string> wild_levels(const std::vector<std::string>& topic,
                                         std::size_t levels_max) const;

    /// Whether some topic matches both filters; a broker may send its messages twice.
    bool overlaps(const TopicFilter& other) const;

    /// Whether every topic that matches the other filter matches this one too.
    bool covers(const TopicFilter& other) const;

  private:
    TopicFilter(std::string text, std::vector<std::string> levels)
        : text_(std::move(text)), levels_(std::move(levels)) {}

    std::string text_;
    std::vector<std::string> levels_;
};

}  // namespace drivers::mqtt
