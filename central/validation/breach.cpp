#include "central/validation/breach.hpp"

#include <algorithm>
#include <array>

namespace validation {

namespace {

constexpr std::array<std::string_view, kBreaches> kTexts{"unit", "time", "range", "value", "step"};

}  // namespace

std::string_view to_text(Breach breach) {
    return kTexts.at(static_cast<std::size_t>(breach));
}

std::optional<Breach> parse_breach(std::string_view text) {
    const auto* const found = std::find(kTexts.begin(), kTexts.end(), text);
    if (found == kTexts.end()) return std::nullopt;
    return static_cast<Breach>(found - kTexts.begin());
}

std::string window_reason(Breach breach) {
    return "set aside: " + std::string{to_text(breach)};
}

}  // namespace validation
