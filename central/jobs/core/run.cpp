#include "central/jobs/core/run.hpp"

#include <array>
#include <cstddef>

namespace jobs {

namespace {

constexpr std::array<std::string_view, 4> kTexts{"running", "ok", "failed", "interrupted"};

}  // namespace

std::string_view to_text(RunStatus status) {
    return kTexts.at(static_cast<std::size_t>(status));
}

std::optional<RunStatus> parse_run_status(std::string_view text) {
    for (std::size_t i = 0; i < kTexts.size(); ++i) {
        if (kTexts.at(i) == text) return static_cast<RunStatus>(i);
    }
    return std::nullopt;
}

}  // namespace jobs
