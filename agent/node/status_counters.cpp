#include "agent/node/status_counters.hpp"

#include <array>

#include "wire/status.hpp"

namespace agent {

namespace {

constexpr std::array kShown{
    "leat_agent_acks_ignored_total",     "leat_agent_batches_resent_total",
    "leat_agent_commit_errors_total",    "leat_agent_evicted_total",
    "leat_agent_faults_total",           "leat_agent_faults_dropped_total",
    "leat_agent_faults_held_back_total", "leat_agent_forks_total",
    "leat_agent_gaps_answered_total",    "leat_agent_messages_ignored_total",
    "leat_agent_outbox_errors_total",    "leat_agent_readings_refused_total",
    "leat_agent_thinned_total",          "leat_agent_requests_ignored_total",
    "leat_agent_answers_dropped_total",  "leat_agent_batches_too_large_total",
};
static_assert(kShown.size() + 4 <= wire::kStatusCountersMax);

}  // namespace

std::vector<std::pair<std::string, std::uint64_t>> status_counters(
    const base::Counters& counters, const delivery::Extent& extent,
    const broker::Connection& broker) {
    std::vector<std::pair<std::string, std::uint64_t>> shown;
    const auto add = [&shown](const char* name, std::uint64_t value) {
        if (value > 0) shown.emplace_back(name, value);
    };
    for (const char* name : kShown) add(name, static_cast<std::uint64_t>(counters.sum(name)));
    add("leat_agent_outbox_damaged_total", extent.damaged);
    add("leat_agent_outbox_reopened_total", extent.reopened);
    add("leat_agent_messages_dropped_total", broker.dropped());
    add("leat_agent_messages_refused_total", broker.refused());
    return shown;
}

}  // namespace agent
