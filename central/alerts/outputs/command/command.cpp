#include "central/alerts/outputs/command/command.hpp"

#include <fmt/format.h>

#include <utility>

#include "base/settings.hpp"

namespace alerts {

namespace {

/// Nothing in it can end a variable.
std::string variable(std::string_view name, std::string value) {
    std::erase(value, '\0');
    return fmt::format("LEAT_ALERT_{}={}", name, value);
}

}  // namespace

Command::Command(CommandOptions options, base::Counters& counters, std::uint64_t seed)
    : options_(std::move(options)),
      name_("command/" + options_.name),
      courier_(name_, options_.courier, counters, seed) {}

void Command::tick(base::Instant now) {
    if (child_) watch(now);
    if (const auto* alert = courier_.begin(now)) begin(*alert, now);
}

void Command::begin(const Alert& alert, base::Instant now) {
    auto started = child::Child::start(child_of(alert, options_));
    if (!started) {
        return courier_.finish(
            {.outcome = Attempt::Outcome::failed, .reason = started.error().detail}, now);
    }
    child_.emplace(std::move(started).value());
    kill_at_ = now + options_.timeout;
    is_killed_ = false;
}

void Command::watch(base::Instant now) {
    if (!is_killed_ && now >= kill_at_) {
        child_->kill_group();
        is_killed_ = true;
    }
    const auto code = child_->exit_code();
    if (!code) return;
    const auto attempt = judge_exit(*code, is_killed_, child_->last_words(), options_);
    child_.reset();
    courier_.finish(attempt, now);
}

child::ChildOptions child_of(const Alert& alert, const CommandOptions& options) {
    base::JsonWriter json;
    write_alert(json, alert);
    return {.argv = options.run,
            .environment = {variable("ID", alert.id), variable("CODE", alert.code),
                            variable("STATE", std::string{to_text(alert.state)}),
                            variable("SEVERITY", std::string{detect::to_text(alert.severity)}),
                            variable("NODE", alert.node), variable("SERIES", alert.series),
                            variable("REVISION", fmt::format("{}", alert.revision)),
                            variable("SENTENCE", alert.sentence), variable("ADVICE", alert.advice)},
            .input = json.take() + "\n"};
}

Attempt judge_exit(int code, bool is_killed, const std::string& last_words,
                   const CommandOptions& options) {
    if (code == 0) return {};
    auto reason = is_killed ? fmt::format("{} did not end within {} and was killed", options.run[0],
                                          base::duration_text(options.timeout))
                            : fmt::format("{} ended with {}", options.run[0], code);
    if (!last_words.empty()) reason += " (" + last_words + ")";
    return {.outcome = Attempt::Outcome::failed, .reason = std::move(reason)};
}

}  // namespace alerts
