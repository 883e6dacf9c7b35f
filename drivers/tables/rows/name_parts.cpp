#include "drivers/tables/rows/name_parts.hpp"

#include "base/text.hpp"

namespace drivers::tables {

namespace {

constexpr std::string_view kBrackets = "()[]{}";

}  // namespace

std::vector<std::string_view> in_brackets(std::string_view name) {
    std::vector<std::string_view> texts;
    for (;;) {
        const auto open = name.find_first_of("([{");
        if (open == std::string_view::npos) return texts;
        name.remove_prefix(open);
        const auto close = name.find(kBrackets[kBrackets.find(name.front()) + 1]);
        if (close == std::string_view::npos) return texts;
        texts.push_back(base::trimmed(name.substr(1, close - 1)));
        name.remove_prefix(close);
    }
}

std::string_view before_brackets(std::string_view name) {
    return base::trimmed(name.substr(0, name.find_first_of("([{")));
}

}  // namespace drivers::tables
