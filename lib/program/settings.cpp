#include "program/settings.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <array>

#include "wire/limits.hpp"
#include "wire/topic.hpp"

namespace program {

namespace {

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_letter_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

}  // namespace

base::LogLevel read_log_level(base::Settings settings) {
    const auto word = settings.choice("level", "info", {"debug", "info", "warn", "error"});
    const auto level = base::parse_log_level(word);
    return level ? level.value() : base::LogLevel::info;
}

std::string read_topic_root(base::Settings settings) {
    return read_topic(std::move(settings), "root", "leat/v1");
}

std::string read_topic(base::Settings settings, const std::string& key,
                       const std::string& fallback) {
    auto topic = settings.text(key, fallback);
    if (!wire::is_topic_root(topic)) {
        settings.refuse(key, fmt::format("{} is not a topic: levels joined by slashes, without + "
                                         "and #",
                                         settings.full_name(key)));
    }
    return topic;
}

std::string read_id(base::Settings settings, std::string_view host_name,
                    const std::string& fallback) {
    const auto safe = make_safe_id(host_name);
    auto id = settings.text("id", safe.empty() ? fallback : safe);
    if (id.empty() || make_safe_id(id) != id) {
        settings.refuse("id", fmt::format("{} may hold a-z, 0-9 and dashes only, no dash first, at "
                                          "most {}",
                                          settings.full_name("id"), wire::kNameBytesMax));
    }
    return id;
}

std::string make_safe_id(std::string_view name) {
    std::string id;
    for (const char c : name.substr(0, wire::kNameBytesMax)) {
        const bool is_good = is_letter_or_digit(lower(c));
        if (is_good || !id.empty()) id += is_good ? lower(c) : '-';
    }
    return id;
}

std::string host_name() {
    std::array<char, 256> name{};
    if (gethostname(name.data(), name.size() - 1) != 0) return {};
    return name.data();
}

}  // namespace program
