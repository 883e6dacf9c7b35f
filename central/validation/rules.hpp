#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "central/validation/rule.hpp"

namespace validation {

constexpr std::size_t kRulesMax = 1'000;

/// Whether the text is what the pattern says: `*` stands for any text, `?` for one character.
bool matches(std::string_view pattern, std::string_view text);

/// A rule, and the series that it is for.
struct RuleFor {
    std::string match = "*";  // Of "node/series".
    std::string quantity{};   // As declared; empty: any.
    Rule rule;
};

/// The rules in the order of the configuration. For each thing that a rule may say, the last one
/// that is for a series and says it decides.
class Rules {
  public:
    Rules() = default;
    explicit Rules(std::vector<RuleFor> rules) : rules_(std::move(rules)) {}

    bool empty() const { return rules_.empty(); }
    std::size_t size() const { return rules_.size(); }

    /// What holds for a series; nothing when no rule is for it.
    std::optional<Rule> of(std::string_view node, std::string_view series,
                           std::string_view quantity) const;

  private:
    std::vector<RuleFor> rules_;
};

}  // namespace validation
