#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/json.hpp"
#include "central/engine/changes.hpp"
#include "central/engine/quality/causes.hpp"
#include "central/engine/quality/completeness.hpp"
#include "central/views/surroundings.hpp"

namespace views {

/// A window with all that is known about it.
struct JudgedWindow {
    base::EventTime start;
    base::Duration span{};
    engine::WindowRow row;  // Of count 0 when there is none.
    std::optional<std::uint64_t> expected;
    engine::WindowState state = engine::WindowState::provisional;
    std::optional<double> quality{};
    std::vector<engine::Cause> causes{};
};

/// Judges the window that begins there; `row` is of count 0 when there is none.
JudgedWindow judge_row(const engine::SeriesRow& series, base::EventTime start, base::Duration span,
                       const engine::WindowRow& row, const Surroundings& surroundings,
                       const engine::Circumstances& circumstances);

/// Judges every window of [from, to), which are starts of windows of the rows' span, whether it has
/// a row or not.
std::vector<JudgedWindow> judge_range(const engine::SeriesRow& series, const WindowRows& rows,
                                      const Surroundings& surroundings, base::EventTime from,
                                      base::EventTime to,
                                      const engine::Circumstances& circumstances);

/// One number of the window's readings; nothing when it has no readings.
std::optional<double> value_of(const JudgedWindow& window, double wire::Summary::*member);

/// The mean, which is never outside min and max.
std::optional<double> mean_of(const engine::WindowRow& row);
std::optional<double> mean_of(const JudgedWindow& window);

/// "c", "p", "g", "n", "u" or "w": short, as an answer has one for every window.
const char* letter(engine::WindowState state);

/// "complete", "known_gap": as it is stored.
const char* word(engine::WindowState state);

/// [{"cause":"evicted","readings":60,"sentence":"…"}], as it is stored.
void write_causes(base::JsonWriter& json, const std::vector<engine::Cause>& causes);
std::string causes_text(const std::vector<engine::Cause>& causes);

/// The data of a `window` event.
void write_window(base::JsonWriter& json, const std::string& series, const JudgedWindow& window);

/// {"checksum":3,"no response":1}: why readings failed, as far as the node said so.
void write_reasons(base::JsonWriter& json, const engine::WindowRow& row);

/// The members "cause", "readings", "sentence", and "reason" of failures.
void write_cause_members(base::JsonWriter& json, const engine::Cause& cause);

}  // namespace views
