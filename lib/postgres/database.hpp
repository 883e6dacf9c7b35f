#pragma once

#include <memory>
#include <string_view>

#include "base/result.hpp"
#include "postgres/options.hpp"
#include "sql/database.hpp"

/// The only place that knows libpq: connections to a server of PostgreSQL 15 or newer.
namespace postgres {

/// A connection whose statements are SQLite's (adapt.hpp says how they are read). In a transaction,
/// what run() is asked to do is sent without waiting for its answer: the next call that reads
/// tells. Every wait is bounded by the options; after one that was too long the connection is lost.
/// Transient while the server is away, and when an operator has to change something there, as it
/// may be done while we run: the Error says what. Misconfigured when it can never become right.
base::Result<std::unique_ptr<sql::Database>> open(const Options& options);

/// Takes a lock of that name for as long as the connection lasts, among those to the same schema of
/// the same database; false when another connection has it. `database` is one of open()'s.
base::Result<bool> hold(sql::Database& database, std::string_view name);

/// Gives it back.
base::Status release(sql::Database& database, std::string_view name);

}  // namespace postgres
