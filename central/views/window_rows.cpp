#include "central/views/window_rows.hpp"

namespace views {

base::Result<WindowRows> read_rows(sinks::Query& query, const engine::SeriesRow& series,
                                   base::Duration span, base::EventTime from, base::EventTime to,
                                   std::size_t rows_max, bool with_sketches) {
    WindowRows rows{.span = span, .windows = {}, .wide_span = {}, .wide = {}, .around = {}};
    if (from >= to) return rows;
    const bool has_wide = span < kWideSpan;
    const auto unit = has_wide ? kWideSpan : span;
    sinks::WindowRange range{.node = series.node,
                             .series = series.declared.series,
                             .span = span,
                             .from = engine::window_start(from, unit),
                             .to = engine::window_start(to - base::Duration{1}, unit) + unit,
                             .rows_max = rows_max + 2 * static_cast<std::size_t>(unit / span),
                             .with_sketches = with_sketches};
    auto windows = query.windows(range);
    if (!windows) return windows.error();
    rows.windows = std::move(windows).value();
    auto around = query.around(range);
    if (!around) return around.error();
    rows.around = around.value();
    if (!has_wide) return rows;
    range.span = kWideSpan;
    range.with_sketches = false;
    auto wide = query.windows(range);
    if (!wide) return wide.error();
    rows.wide_span = kWideSpan;
    rows.wide = std::move(wide).value();
    return rows;
}

}  // namespace views
