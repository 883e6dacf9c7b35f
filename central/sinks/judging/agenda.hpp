#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "central/engine/changes.hpp"
#include "central/sinks/judging/judgements.hpp"
#include "central/sinks/judging/outlook.hpp"
#include "central/sinks/tables/dimensions.hpp"
#include "sql/database.hpp"

namespace sinks {

/// How far the windows of each series are judged, which of them must be judged again, and what
/// became of it. Notes every change by which a window is judged, in the transaction of that
/// change. Writes nothing where a window changes that is not judged yet: that is the common case.
class Agenda {
  public:
    Agenda(sql::Database& database, Dimensions& dimensions, std::vector<base::Duration> spans);

    /// Call before the series is written: from another period on it is judged again. Returns
    /// whether its periods are to be written.
    base::Result<bool> note_periods(std::int64_t series, const engine::SeriesRow& row);

    /// One of the windows that changed.
    base::Status note_window(std::int64_t series, const engine::WindowKey& key,
                             const engine::Changes& changes);

    /// Call after gaps and boots were written, with the outlooks from before that.
    base::Status note_nodes(const engine::Changes& changes, const Outlooks& before);

    base::Result<std::vector<JudgedSeries>> judged(std::int64_t after, std::size_t series_max);
    base::Result<std::optional<base::EventTime>> find_row(const RowSearch& search);

    /// Call it within a transaction, and save_noted() before its end.
    base::Status write(const JudgedStep& step);
    base::Status save_noted();

  private:
    using Progress = std::vector<JudgedSpan>;  // In the order of spans_.
    struct Periods {
        dimensions::DeclaredPeriods all;  // Be it only the one that was ever declared.
        bool are_stored = false;

        friend bool operator==(const Periods&, const Periods&) = default;
    };

    base::Result<JudgedSeries> read(std::int64_t series);
    base::Result<Progress*> progress(std::int64_t series);
    base::Status mark(std::int64_t series, JudgedSpan& reached, TimeRange range);
    base::Status mark_hour(std::int64_t series, Progress& progress, const engine::WindowKey& key,
                           const engine::Changes& changes);
    base::Result<Periods*> periods(std::int64_t series);
    base::Status mark_node(const std::string& node, TimeRange range);
    base::Status note_gap(const engine::GapRow& gap);
    base::Status save(std::int64_t series, const JudgedSpan& reached);
    base::Status store(const JudgedStep& step, const Judged& window);

    sql::Database& database_;
    Dimensions& dimensions_;
    std::vector<base::Duration> spans_;
    base::Duration hour_source_{};  // The span whose windows tell of whole hours.
    std::unordered_map<std::int64_t, Progress> progress_;  // As far as it was needed.
    std::unordered_map<std::int64_t, Periods> periods_;
    std::map<std::pair<std::int64_t, base::Duration>, JudgedSpan> noted_;  // Not saved yet.
};

}  // namespace sinks
