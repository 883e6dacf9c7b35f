#pragma once

#include <vector>

#include "base/clock.hpp"
#include "central/engine/quality/causes.hpp"
#include "central/views/window_view.hpp"

namespace views {

/// A cause of neighbouring windows.
struct CauseRun {
    base::EventTime from;
    base::EventTime to;   // Exclusive: the end of its last window.
    engine::Cause cause;  // Of all of them: `readings` is their sum, if all are known.
};

/// The causes of windows in order of time, merged over neighbours. A run goes on over windows in
/// which nothing was due. In order of `from`.
std::vector<CauseRun> cause_runs(const std::vector<JudgedWindow>& windows);

}  // namespace views
