#include "central/alerts/outputs/trial.hpp"

#include <fmt/format.h>

#include "base/settings.hpp"
#include "central/alerts/outputs/webhook/verdict.hpp"

namespace alerts {

namespace {

constexpr base::Duration kPause = std::chrono::milliseconds{5};

/// Closed, so that it stays open at no receiver.
Alert test_alert(base::EventTime now) {
    return {.id = "0000000000000000",
            .code = "test",
            .severity = detect::Severity::notice,
            .state = State::closed,
            .opened = now,
            .updated = now,
            .closed = now,
            .sentence = "a test of leat-central; nothing is wrong"};
}

bool try_webhook(const WebhookOptions& options, const base::Clock& clock, const Report& report) {
    const auto what = fmt::format("webhook {}", options.name);
    auto request = request_of(test_alert(clock.event_time()), options);
    if (!request) {
        report(false, fmt::format("{}: {}", what, request.error().detail));
        return false;
    }
    Poster poster;
    poster.start(std::move(request).value());
    std::optional<PostAnswer> answer;
    while (!(answer = poster.step())) base::pause_for(kPause);
    const auto attempt = judge(*answer);
    const bool is_good = attempt.outcome == Attempt::Outcome::delivered;
    report(is_good, is_good ? fmt::format("{}: took a test alert ({})", what, answer->status)
                            : fmt::format("{}: {}", what, attempt.reason));
    return is_good;
}

bool try_command(const CommandOptions& options, const base::Clock& clock, const Report& report) {
    const auto what = fmt::format("command {}", options.name);
    auto started = child::Child::start(child_of(test_alert(clock.event_time()), options));
    if (!started) {
        report(false, fmt::format("{}: {}", what, started.error().detail));
        return false;
    }
    auto running = std::move(started).value();
    const auto kill_at = clock.instant() + options.timeout;
    bool is_killed = false;
    std::optional<int> code;
    while (!(code = running.exit_code())) {
        if (!is_killed && clock.instant() >= kill_at) {
            running.kill_group();
            is_killed = true;
        }
        base::pause_for(kPause);
    }
    const auto attempt = judge_exit(*code, is_killed, running.last_words(), options);
    const bool is_good = attempt.outcome == Attempt::Outcome::delivered;
    report(is_good, is_good ? fmt::format("{}: took a test alert", what)
                            : fmt::format("{}: {}", what, attempt.reason));
    return is_good;
}

}  // namespace

bool try_exits(const ExitOptions& options, const base::Clock& clock, const Report& report) {
    bool is_good = true;
    for (const auto& webhook : options.webhooks) {
        is_good = try_webhook(webhook, clock, report) && is_good;
    }
    for (const auto& command : options.commands) {
        is_good = try_command(command, clock, report) && is_good;
    }
    return is_good;
}

}  // namespace alerts
