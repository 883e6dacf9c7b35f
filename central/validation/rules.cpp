#include "central/validation/rules.hpp"

namespace validation {

/// When the rest does not fit, the last `*` takes one character more.
bool matches(std::string_view pattern, std::string_view text) {
    std::size_t p = 0;
    std::size_t t = 0;
    std::optional<std::size_t> star;
    std::size_t taken = 0;
    while (t < text.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            taken = t;
        } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
            ++p;
            ++t;
        } else if (star) {
            p = *star + 1;
            t = ++taken;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '*') ++p;
    return p == pattern.size();
}

std::optional<Rule> Rules::of(std::string_view node, std::string_view series,
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

}  // namespace validation
