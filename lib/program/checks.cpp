#include "program/checks.hpp"

#include <fmt/format.h>

#include "base/random.hpp"
#include "program/print.hpp"

namespace program {

namespace {

constexpr base::Duration kPause = std::chrono::milliseconds{5};
constexpr base::Duration kGoodbye = std::chrono::seconds{2};

}  // namespace

bool print_check(bool is_good, const std::string& what) {
    print("{}  {}\n", is_good ? "good" : "bad ", what);
    return is_good;
}

bool check_broker(broker::PahoOptions options, const base::Clock& clock) {
    options.will.reset();
    options.subscriptions.clear();
    options.client_id += "-test";
    broker::PahoConnection connection(options, base::entropy());
    const auto end = clock.instant() + options.connect_timeout;
    while (connection.session() == 0 && clock.instant() < end) {
        connection.tick(clock.instant());
        base::pause_for(kPause);
    }
    const bool is_good = connection.session() != 0;
    const auto outcome = is_good ? "connected" : connection.trouble();
    connection.disconnect(kGoodbye);
    return print_check(is_good, fmt::format("broker at {}: {}", options.address, outcome));
}

}  // namespace program
