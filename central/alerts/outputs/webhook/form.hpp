#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "central/alerts/core/alert.hpp"

namespace alerts {

/// What a receiver understands.
enum class Format : std::uint8_t {
    leat,    // The alert as leat tells it everywhere: write_alert().
    text,    // The sentence as plain text, with the headers of ntfy.
    slack,   // {"text": …}: Slack, Mattermost, Rocket.Chat, Discord behind …/slack.
    gotify,  // {"title": …, "message": …, "priority": …}
};
std::optional<Format> format_of(std::string_view word);
const std::vector<std::string>& format_words();

struct Form {
    std::string content_type;
    std::vector<std::string> headers;  // "Title: attic"
    std::string body;
};

Form form_of(const Alert& alert, Format format);

/// One or two lines for people: what is wrong and what to do, or that it is over.
std::string message_of(const Alert& alert);

}  // namespace alerts
