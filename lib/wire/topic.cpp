#include "wire/topic.hpp"

#include <fmt/format.h>

#include "wire/identity.hpp"

namespace wire {

std::string Topics::of(std::string_view node, std::string_view leaf) const {
    return fmt::format("{}/{}/{}", root_, node, leaf);
}

std::string Topics::request(std::string_view node, std::string_view verb) const {
    return fmt::format("{}/{}/request/{}", root_, node, verb);
}

std::string Topics::response(std::string_view node, std::string_view verb) const {
    return fmt::format("{}/{}/response/{}", root_, node, verb);
}

std::string Topics::program_status(std::string_view program, std::string_view id) const {
    return fmt::format("{}/{}/{}/status", root_, program, id);
}

std::optional<std::string> Topics::parse_program_status(std::string_view program,
                                                        std::string_view topic) const {
    const auto prefix = fmt::format("{}/{}/", root_, program);
    constexpr std::string_view kSuffix = "/status";
    if (!topic.starts_with(prefix) || !topic.ends_with(kSuffix)) return std::nullopt;
    topic.remove_prefix(prefix.size());
    if (topic.size() <= kSuffix.size()) return std::nullopt;
    topic.remove_suffix(kSuffix.size());
    if (topic.find('/') != std::string_view::npos) return std::nullopt;
    return std::string{topic};
}

std::optional<Topics::NodeTopic> Topics::parse(std::string_view topic) const {
    if (!topic.starts_with(root_)) return std::nullopt;
    topic.remove_prefix(root_.size());
    if (!topic.starts_with('/')) return std::nullopt;
    topic.remove_prefix(1);
    const auto slash = topic.find('/');
    if (slash == std::string_view::npos) return std::nullopt;
    NodeTopic parts{.node = std::string{topic.substr(0, slash)},
                    .leaf = std::string{topic.substr(slash + 1)}};
    if (!is_node_name(parts.node) || parts.leaf.empty()) return std::nullopt;
    return parts;
}

bool is_topic_root(std::string_view text) {
    constexpr std::size_t kBytesMax = 128;
    if (text.empty() || text.size() > kBytesMax || text.front() == '$') return false;
    if (text.front() == '/' || text.back() == '/') return false;
    if (text.find("//") != std::string_view::npos) return false;
    return text.find_first_of(std::string_view{"+#\0", 3}) == std::string_view::npos;
}

}  // namespace wire
