#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "central/jobs/core/job.hpp"
#include "central/jobs/sql/layout.hpp"
#include "central/jobs/sql/row_source.hpp"
#include "odbc/connection.hpp"

namespace jobs {

/// Finds out whether the table is there as we write it. Gives what must be done to make it: nothing
/// when it is good. Misconfigured, with what is wrong, when something else is there.
base::Result<std::optional<std::string>> check_table(odbc::Connection& connection,
                                                     const odbc::TableShape& table);

/// The same, and makes it when it is missing and we may; false when it is missing still, which it
/// may be in a dry run. Misconfigured, with the CREATE TABLE that a person can execute, when we may
/// not.
base::Result<bool> prepare_table(odbc::Connection& connection, const odbc::TableShape& table,
                                 bool may_create, bool is_dry);

/// A table of others that gets our rows. Never removes one.
class SqlTarget {
  public:
    /// By time and by number among those of one time.
    using Marks = std::map<std::pair<base::EventTime, std::int64_t>, std::int64_t>;

    /// So many rows are written in a transaction.
    SqlTarget(odbc::Connection& connection, Layout layout, std::size_t batch);

    const Layout& layout() const { return layout_; }
    std::size_t batch() const { return batch_; }
    odbc::Connection& connection() { return connection_; }

    /// The time of the newest row.
    base::Result<std::optional<base::EventTime>> newest(const Scope& scope);

    /// The marks of at most so many rows of [from, to], the first ones; others are not known.
    base::Result<Marks> marks(const Scope& scope, base::EventTime from, base::EventTime to,
                              std::size_t rows_max);

    /// Writes the rows, at most a batch of them, all or nothing, and commits only if the run still
    /// may write. Those that have the key of one that is there take its place. Malformed when the
    /// server, or the layout, takes one of them not.
    base::Status write(std::span<const OutRow> rows, Progress& progress);

  private:
    std::string where(const Scope& scope) const;
    base::Result<odbc::Value> key_of(base::EventTime time) const;

    odbc::Connection& connection_;
    Layout layout_;
    std::size_t batch_;
    std::optional<odbc::Statement> upsert_{};
};

}  // namespace jobs
