#include "central/detect/core/finding.hpp"

#include <algorithm>
#include <array>

namespace detect {

namespace {

constexpr std::array<std::string_view, kCodes> kCodeTexts{"limit", "step",    "flat", "silent",
                                                          "stuck", "failing", "odd",  "drift"};
constexpr std::array<std::string_view, 3> kSeverityTexts{"notice", "warning", "critical"};

}  // namespace

std::string_view to_text(Code code) {
    return kCodeTexts.at(static_cast<std::size_t>(code));
}

std::optional<Code> code_of(std::string_view text) {
    const auto* const found = std::find(kCodeTexts.begin(), kCodeTexts.end(), text);
    if (found == kCodeTexts.end()) return std::nullopt;
    return static_cast<Code>(found - kCodeTexts.begin());
}

std::optional<Severity> severity_of(std::string_view text) {
    const auto* const found = std::find(kSeverityTexts.begin(), kSeverityTexts.end(), text);
    if (found == kSeverityTexts.end()) return std::nullopt;
    return static_cast<Severity>(found - kSeverityTexts.begin());
}

std::string_view to_text(Severity severity) {
    return kSeverityTexts.at(static_cast<std::size_t>(severity));
}

}  // namespace detect
