#pragma once

#include <optional>
#include <string>
#include <vector>

#include "central/detect/core/finding.hpp"
#include "central/engine/changes.hpp"

namespace replay {

/// A window that two configurations make differently; nothing where one of them makes none.
struct WindowDifference {
    engine::WindowKey window;
    std::optional<engine::WindowRow> before;
    std::optional<engine::WindowRow> after;
};

struct FindingDifference {
    detect::FindingKey finding;
    std::optional<detect::Finding> before;
    std::optional<detect::Finding> after;
};

/// Whether they say the same of their readings, however often they were written, and how late
/// these were: a replay has the order of hours, not that of all arrivals.
bool are_alike(const engine::WindowRow& one, const engine::WindowRow& other);

/// What of a window is different, for people: "count 60 → 58", "max 99.5 → 24".
std::vector<std::string> words_of(const WindowDifference& difference);

/// The same of a finding, with its sentence.
std::string words_of(const FindingDifference& difference);

}  // namespace replay
