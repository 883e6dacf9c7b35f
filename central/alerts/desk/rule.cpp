#include "central/alerts/desk/rule.hpp"

#include <algorithm>
#include <array>

namespace alerts {

namespace {

using namespace std::chrono_literals;

// Nine rules, and what a person set with [[limit]]; the others are off. A wait keeps out what
// passes by itself: a part that restarts, an access point that does, a node that is updated, a
// clock that is about to be set.
constexpr std::array kRules{
    Rule{"broker", kLine, 30s, 1min},
    Rule{"bridge", kLine, 30s, 1min},
    Rule{"redis", kLine, 30s, 1min},
    Rule{"database", kLine, 30s, 1min},
    Rule{"job", "job", 0s, 10s},
    Rule{"lost", kNodeSilent, 1min, 2min},
    Rule{"node_silent", kNodeSilent, 0s, 2min},
    Rule{"disconnected", kNodeSilent, 10min, 2min},
    Rule{"failing", "sensor", 0s, 5min},
    Rule{"silent", "sensor", 0s, 5min},
    Rule{"stuck", "sensor", 0s, 5min},
    Rule{"clock", "clock", 5min, 5min},
    Rule{"outbox", "outbox", 0s, 10min},
    Rule{"two_nodes", "two_nodes", 0s, 30min},
    Rule{"trouble", "node", 2min, 5min},
    Rule{"card", "node", 0s, 1h},
    Rule{"quarantine", "quarantine", 0s, 10min},
    Rule{"limit", "limit", 0s, 5min},
    Rule{"step", "limit", 0s, 5min},
    Rule{"odd", "odd", 0s, 5min, false},
    Rule{"flat", "flat", 0s, 5min, false},
    Rule{"drift", "drift", 0s, 5min, false},
    Rule{"", "other", 0s, 5min, false},
};

}  // namespace

const Rule& rule_of(std::string_view code) {
    const auto* const found = std::find_if(kRules.begin(), kRules.end() - 1,
                                           [&](const Rule& rule) { return rule.code == code; });
    return *found;
}

std::vector<std::string> rule_names() {
    std::vector<std::string> names;
    for (const auto& rule : kRules) {
        if (names.empty() || names.back() != rule.name) names.emplace_back(rule.name);
    }
    return names;
}

std::set<std::string> default_rules() {
    std::set<std::string> names;
    for (const auto& rule : kRules) {
        if (rule.is_default) names.emplace(rule.name);
    }
    return names;
}

}  // namespace alerts
