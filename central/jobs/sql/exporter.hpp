#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "central/engine/changes.hpp"
#include "central/jobs/core/job.hpp"
#include "central/jobs/sql/row_check.hpp"
#include "central/jobs/sql/row_source.hpp"
#include "central/jobs/sql/sql_target.hpp"

namespace jobs {

/// Which rows a run looks at.
struct ExportRange {
    /// Where nothing is said, from `look_back` before the newest row of the series that is there,
    /// or before `covered` when that is earlier; from the beginning when there is none.
    std::optional<base::EventTime> from{};
    base::EventTime to{};
    std::optional<base::EventTime> covered{};  // When a run began that brought everything.
    base::Duration look_back{};
    std::uint64_t rows_max = std::numeric_limits<std::uint64_t>::max();
};

struct Exported {
    std::uint64_t rows = 0;  // Written; in a dry run those that would be.
    std::uint64_t same = 0;  // That are there as they are here.
    Refusals refusals{};
    std::uint64_t outdated = 0;  // There, and no longer true: what is here now is refused.

    /// The first row that the server refused, and why; empty: none. They are among the refusals.
    std::string refused_there{};
};

/// Brings rows of ours into a table of others: compares each with the mark that is there, and
/// writes those that are new or have changed, a batch in a transaction. So it may die at any point:
/// what it has written is not written again. A row that the server refuses keeps no other one back,
/// unless there are more than 100. Never removes a row.
class Exporter {
  public:
    /// Without a target nothing is written, and nothing is there yet.
    Exporter(RowSource& source, SqlTarget& target, const RowCheck& check, Progress& progress,
             bool is_table_there, bool is_dry)
        : source_(source),
          target_(target),
          check_(check),
          progress_(progress),
          is_table_there_(is_table_there),
          is_dry_(is_dry) {}

    base::Status run(const std::vector<engine::SeriesRow>& series, const ExportRange& range);

    /// What has been done so far, also when run() failed.
    const Exported& exported() const { return exported_; }

  private:
    base::Status add(const engine::SeriesRow& series, const ExportRange& range);
    base::Result<base::EventTime> begin_of(const Scope& scope, const ExportRange& range);
    base::Status compare(const engine::SeriesRow& series, std::vector<OutRow> rows,
                         std::uint64_t rows_max);
    base::Result<SqlTarget::Marks> marks_of(const Scope& scope, const std::vector<OutRow>& rows);
    base::Status write();
    base::Status send(std::span<const OutRow> rows);
    base::Status refuse_there(const OutRow& row, const base::Error& error);

    RowSource& source_;
    SqlTarget& target_;
    const RowCheck& check_;
    Progress& progress_;
    bool is_table_there_;
    bool is_dry_;
    std::vector<OutRow> batch_{};
    Exported exported_{};
};

}  // namespace jobs
