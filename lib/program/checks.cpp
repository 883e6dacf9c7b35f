#include "program/checks.hpp"

#include <fmt/format.h>

#include "base/random.hpp"
#include "program/print.hpp"
#include "program/secrets.hpp"

namespace program {

namespace {

constexpr base::Duration kPause = std::chrono::milliseconds{5};
constexpr base::Duration kGrace =
    std::chrono::seconds{5};  // Paho looks at its own time-out every 3 s.
constexpr base::Duration kGoodbye = std::chrono::seconds{2};

}  // namespace

bool print_check(bool is_good, const std::string& what) {
    print("{}  {}\n", is_good ? "good" : "bad ", what);
    return is_good;
}

BrokerTrial try_broker(broker::PahoOptions options, const base::Clock& clock) {
    options.will.reset();
    options.subscriptions.clear();
    options.client_id += "-test";
    broker::PahoConnection connection(options, base::entropy());
    const auto at_first = connection.trouble();
    const auto end = clock.instant() + 2 * options.connect_timeout + kGrace;
    while (connection.session() == 0 && connection.trouble() == at_first && clock.instant() < end) {
        connection.tick(clock.instant());
        base::pause_for(kPause);
    }
    const bool is_good = connection.session() != 0;
    auto outcome = is_good ? "connected" : connection.trouble();
    connection.disconnect(kGoodbye);
    return {.is_good = is_good, .outcome = std::move(outcome)};
}

bool check_broker(const broker::PahoOptions& options, const base::Clock& clock) {
    const auto trial = try_broker(options, clock);
    print_check(trial.is_good, fmt::format("broker at {}: {}", options.address, trial.outcome));
    print_notes(open_secrets(secrets_of(options)));
    return trial.is_good;
}

void print_notes(const std::vector<std::string>& notes) {
    for (const auto& note : notes) print("note  {}\n", note);
}

std::vector<std::string> secrets_of(const broker::PahoOptions& options) {
    return {options.password_file, options.key_file};
}

}  // namespace program
