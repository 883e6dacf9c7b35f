#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "central/engine/changes.hpp"
#include "central/jobs/sql/layout.hpp"
#include "central/sinks/query.hpp"

namespace jobs {

/// Cells that all rows of a series have in common, and by which they are found: the column, and
/// what stands in it.
using Scope = std::vector<std::pair<std::string, odbc::Value>>;

/// Rows of one series after the other, in order of time, a bounded number at once.
class RowSource {
  public:
    virtual ~RowSource() = default;

    /// What is found of the series in the table.
    virtual Scope scope(const engine::SeriesRow& series) const = 0;

    /// Begins with the rows of [from, to) of the series. Windows are those that begin there and are
    /// over at `to`.
    virtual void begin(const engine::SeriesRow& series, base::EventTime from,
                       base::EventTime to) = 0;

    /// The next rows, perhaps none; nothing when there are no more. A time that the table cannot
    /// hold is NULL.
    virtual base::Result<std::optional<std::vector<OutRow>>> next() = 0;
};

/// Windows of that length, judged as the API judges them. `watermark_bound` is the engine's.
std::unique_ptr<RowSource> make_window_source(sinks::Query& query, base::Duration span,
                                              TimeForm form, base::Duration watermark_bound);

std::unique_ptr<RowSource> make_reading_source(sinks::Query& query, TimeForm form);

/// "attic/climate.temperature"
std::string id_of(const engine::SeriesRow& series);

}  // namespace jobs
