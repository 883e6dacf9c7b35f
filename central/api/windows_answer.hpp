#pragma once

#include <optional>
#include <string>
#include <vector>

#include "central/api/windows_question.hpp"
#include "central/engine/changes.hpp"
#include "central/engine/states/course.hpp"
#include "central/views/circumstances.hpp"
#include "central/views/expected_band.hpp"
#include "central/views/window_rows.hpp"
#include "central/views/window_view.hpp"

namespace api {

/// Causes listed in one answer, which says how many more there are.
constexpr std::size_t kCausesMax = 1'000;

/// What the store holds for a question of windows.
struct Material {
    engine::SeriesRow series;
    CoveredRange covered;
    views::WindowRows rows;
    std::vector<engine::GapRow> gaps;        // Of the range.
    std::vector<engine::GapRow> explaining;  // Also those that tell of the same records.
    views::NodeFacts node;
    std::optional<views::ExpectedBand> band;  // When it was asked for.
    std::optional<engine::Course> course;     // Of a series that has one.
};

/// The windows that were asked for, judged, and what they were judged by.
struct FoundWindows {
    WindowsQuestion question;
    Material material;
    std::vector<views::JudgedWindow> windows;  // In order of time.
};

/// Columns with one entry a window, and lists of what explains them.
std::string answer(const WindowsQuestion& question, const Material& material,
                   const std::vector<views::JudgedWindow>& windows);

}  // namespace api
