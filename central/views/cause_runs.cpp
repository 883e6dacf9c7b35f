#include "central/views/cause_runs.hpp"

#include <algorithm>

namespace views {

namespace {

using engine::Cause;

bool is_alike(const Cause& a, const Cause& b) {
    return a.kind == b.kind && a.reason == b.reason && a.is_certain == b.is_certain;
}

void extend(CauseRun& run, const JudgedWindow& window, const Cause& cause) {
    run.to = window.start + window.span;
    const bool are_known = run.cause.readings && cause.readings;
    if (are_known) {
        *run.cause.readings += *cause.readings;
    } else {
        run.cause.readings.reset();
    }
}

}  // namespace

std::vector<CauseRun> cause_runs(const std::vector<JudgedWindow>& windows) {
    std::vector<CauseRun> runs;
    std::vector<std::size_t> open;  // The runs that the last window with anything due was in.
    for (const auto& window : windows) {
        std::vector<std::size_t> still_open;
        for (const auto& cause : window.causes) {
            const auto found = std::find_if(open.begin(), open.end(), [&](std::size_t at) {
                return is_alike(runs[at].cause, cause);
            });
            if (found != open.end()) {
                extend(runs[*found], window, cause);
                still_open.push_back(*found);
            } else {
                still_open.push_back(runs.size());
                runs.push_back({window.start, window.start + window.span, cause});
            }
        }
        const bool goes_on =
            window.causes.empty() && window.state == engine::WindowState::nothing_due;
        if (!goes_on) open = std::move(still_open);
    }
    return runs;
}

}  // namespace views
