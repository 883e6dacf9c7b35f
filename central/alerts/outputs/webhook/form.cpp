#include "central/alerts/outputs/webhook/form.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/json.hpp"

namespace alerts {

namespace {

/// Whose it is, for a title: names are plain ASCII, as a header must be.
std::string title_of(const Alert& alert) {
    const auto whose = alert.node.empty() ? "the line" : alert.node;
    return alert.series.empty() ? whose : fmt::format("{}/{}", whose, alert.series);
}

struct Rank {
    int ntfy;    // 1 to 5, 3 is usual.
    int gotify;  // 0 to 10; from 4 on a phone makes a sound, from 8 on a loud one.
    const char* tag;
};

Rank rank_of(const Alert& alert) {
    constexpr std::array kRanks{Rank{2, 2, "information_source"}, Rank{3, 5, "warning"},
                                Rank{5, 8, "rotating_light"}};
    if (alert.state == State::closed) return {2, 2, "white_check_mark"};
    return kRanks.at(static_cast<std::size_t>(alert.severity));
}

std::string slack_text(const Alert& alert) {
    auto text = fmt::format("*{}* {}", title_of(alert), message_of(alert));
    // The three characters that Slack reads as control characters.
    for (const auto& [raw, escaped] :
         {std::pair{"&", "&amp;"}, std::pair{"<", "&lt;"}, std::pair{">", "&gt;"}}) {
        for (auto at = text.find(raw); at != std::string::npos; at = text.find(raw, at + 1)) {
            text.replace(at, 1, escaped);
        }
    }
    return text;
}

Form text_form(const Alert& alert) {
    const auto rank = rank_of(alert);
    return {.content_type = "text/plain; charset=utf-8",
            .headers = {"Title: " + title_of(alert), fmt::format("Priority: {}", rank.ntfy),
                        fmt::format("Tags: {}", rank.tag)},
            .body = message_of(alert)};
}

Form json_form(base::JsonWriter& json) {
    return {.content_type = "application/json", .headers = {}, .body = json.take()};
}

}  // namespace

const std::vector<std::string>& format_words() {
    static const std::vector<std::string> kWords{"leat", "text", "slack", "gotify"};
    return kWords;
}

std::optional<Format> format_of(std::string_view word) {
    const auto& words = format_words();
    const auto found = std::find(words.begin(), words.end(), word);
    if (found == words.end()) return std::nullopt;
    return static_cast<Format>(found - words.begin());
}

std::string message_of(const Alert& alert) {
    if (alert.state == State::closed) return "over: " + alert.sentence;
    return alert.advice.empty() ? alert.sentence : alert.sentence + "\n" + alert.advice;
}

Form form_of(const Alert& alert, Format format) {
    base::JsonWriter json;
    switch (format) {
        case Format::leat:
            write_alert(json, alert);
            return json_form(json);
        case Format::text:
            return text_form(alert);
        case Format::slack:
            json.begin_object().member("text", slack_text(alert)).end_object();
            return json_form(json);
        case Format::gotify:
            json.begin_object().member("title", title_of(alert));
            json.member("message", message_of(alert));
            json.member("priority", rank_of(alert).gotify).end_object();
            return json_form(json);
    }
    return {};
}

}  // namespace alerts
