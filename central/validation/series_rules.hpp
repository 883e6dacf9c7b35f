#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace validation {

/// Whether the text is what the pattern says: `*` stands for any text, `?` for one character.
bool matches(std::string_view pattern, std::string_view text);

/// A rule, and the series that it is for.
template <class Rule>
struct RuleFor {
    std::string match = "*";  // Of "node/series".
    std::string quantity{};   // As declared; empty: any.
    Rule rule;
};

/// Rules in the order of the configuration. For each thing that a rule may say, the last one that
/// is for a series and says it decides: so says the rule's add(later).
template <class Rule>
class SeriesRules {
  public:
    SeriesRules() = default;
    explicit SeriesRules(std::vector<RuleFor<Rule>> rules) : rules_(std::move(rules)) {}

    bool empty() const { return rules_.empty(); }
    std::size_t size() const { return rules_.size(); }

    /// What holds for a series; nothing when no rule is for it.
    std::optional<Rule> of(std::string_view node, std::string_view series,
                           std::string_view quantity) const {
        std::optional<Rule> found;
        if (rules_.empty()) return found;
        const auto name = std::string{node} + "/" + std::string{series};
        for (const auto& [match, of_quantity, rule] : rules_) {
            if (!of_quantity.empty() && of_quantity != quantity) continue;
            if (!matches(match, name)) continue;
            if (!found) found.emplace();
            found->add(rule);
        }
        return found;
    }

  private:
    std::vector<RuleFor<Rule>> rules_;
};

}  // namespace validation
