#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/counters.hpp"
#include "central/alerts/core/output.hpp"
#include "central/alerts/outputs/courier/courier.hpp"
#include "central/child/child.hpp"

namespace alerts {

/// Tries of one form of an alert, unless configured otherwise.
constexpr std::uint32_t kCommandAttempts = 5;

struct CommandOptions {
    std::string name;              // Unique among the commands: "notify".
    std::vector<std::string> run;  // The program and its arguments.
    base::Duration timeout = std::chrono::seconds{30};
    CourierOptions courier{.attempts_max = kCommandAttempts};
};

/// Runs a program for each alert, one after the other: the alert as JSON on its standard input, and
/// the parts that a script wants in LEAT_ALERT_* variables. Kills it, with all that it started,
/// when it takes too long. What ends with 0 is delivered, everything else is tried again.
class Command final : public Output {
  public:
    Command(CommandOptions options, base::Counters& counters, std::uint64_t seed);

    std::string_view name() const override { return name_; }
    void keep_quiet(bool is_quiet) override { courier_.keep_quiet(is_quiet); }
    void offer(const Alert& alert) override { courier_.offer(alert); }
    void tick(base::Instant now) override;
    std::vector<Delivered> take_delivered() override { return courier_.take_delivered(); }
    std::string trouble() const override { return courier_.trouble(); }

  private:
    void begin(const Alert& alert, base::Instant now);
    void watch(base::Instant now);

    CommandOptions options_;
    std::string name_;
    Courier courier_;
    std::optional<child::Child> child_;
    base::Instant kill_at_{};
    bool is_killed_ = false;
};

/// How the program is started for an alert.
child::ChildOptions child_of(const Alert& alert, const CommandOptions& options);

/// What an exit code means.
Attempt judge_exit(int code, bool is_killed, const std::string& last_words,
                   const CommandOptions& options);

}  // namespace alerts
