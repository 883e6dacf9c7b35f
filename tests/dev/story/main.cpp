// What the nodes of the demo did before it began. Lets each of them live through the days of the
// plot in simulated time, and delivers what it measured over the running line, in seconds. After
// that the real nodes go on with the same outboxes.
//
// By hand: demo-past <configuration of a node>… ; the line must run.

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <vector>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "dev/story/delivery.hpp"
#include "dev/story/past_node.hpp"
#include "program/shell.hpp"

namespace {

using namespace std::chrono_literals;

constexpr base::Duration kPiece = 24h;  // What is delivered at once fits into an outbox.
constexpr base::Duration kPatience = 5min;
constexpr base::Duration kPause = 2ms;

struct Told {
    std::unique_ptr<story::PastNode> node;
    std::unique_ptr<story::Delivery> delivery;
};

base::Status deliver(std::vector<Told>& all, const base::Clock& clock) {
    const auto end = clock.instant() + kPatience;
    const auto is_done = [](const Told& one) {
        return one.node->is_offline() || one.delivery->is_done();
    };
    while (!std::all_of(all.begin(), all.end(), is_done)) {
        if (clock.instant() > end) {
            const auto slow = std::find_if_not(all.begin(), all.end(), is_done);
            return base::Error{base::Fault::transient, slow->delivery->trouble()};
        }
        for (auto& one : all) {
            if (!one.node->is_offline()) one.delivery->tick(clock.instant());
        }
        base::pause_for(kPause);
    }
    return base::Done{};
}

/// All of them until then; those without network at that time keep what they have.
base::Status live_until(std::vector<Told>& all, base::EventTime until, const base::Clock& clock) {
    for (auto& one : all) {
        if (auto lived = one.node->live_until(until); !lived) return lived;
    }
    return deliver(all, clock);
}

base::Status tell(std::vector<Told>& all, base::EventTime end, const base::Clock& clock) {
    // An outage begins with an outbox of which everything is delivered.
    std::vector<base::EventTime> stops{end};
    for (auto at = end - story::kLength + kPiece; at < end; at += kPiece) stops.push_back(at);
    for (const auto& one : all) {
        if (const auto& outage = one.node->life().outage) stops.push_back(end - outage->began);
    }
    std::sort(stops.begin(), stops.end());
    for (const auto stop : stops) {
        if (auto lived = live_until(all, stop, clock); !lived) return lived;
    }
    // What has happened meanwhile, so that the real nodes follow without a hole.
    return live_until(all, clock.event_time(), clock);
}

base::Status tell_of(const std::vector<std::string>& files) {
    const base::SystemClock clock;
    const auto now = std::chrono::floor<std::chrono::seconds>(clock.event_time());
    std::vector<Told> all;
    for (const auto& file : files) {
        auto config = agent::load_config(file, LEAT_VERSION);
        if (!config) return config.error();
        auto node = story::PastNode::open(std::move(config).value(), now);
        if (!node) return node.error();
        auto& told = all.emplace_back();
        told.node = std::move(node).value();
        told.delivery = std::make_unique<story::Delivery>(*told.node, clock);
    }
    return tell(all, now, clock);
}

}  // namespace

int main(int argc, char** argv) {
    base::set_log_level(base::LogLevel::error);
    const auto done = tell_of({argv + 1, argv + argc});
    return done ? program::kExitOk : program::print_error(done.error());
}
