#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"

namespace alerts {

/// How symptoms of a code become alerts.
struct Rule {
    std::string_view code;  // Of the symptom.
    std::string_view name;  // Of the rule that it belongs to, as a person turns it on or off.
    base::Duration opens_after{};   // How long it must last,
    base::Duration closes_after{};  // and be gone.
    bool is_default = true;
};

/// The rule for symptoms of a code. Of a code that nobody foresaw it is off, and named "other".
const Rule& rule_of(std::string_view code);

/// The names of all rules, and of those that are on by default.
std::vector<std::string> rule_names();
std::set<std::string> default_rules();

/// The rule under which a node is not heard, and the one under which nobody can be.
inline constexpr std::string_view kNodeSilent = "node_silent";
inline constexpr std::string_view kLine = "line";

}  // namespace alerts
