#pragma once

#include <cstdint>
#include <optional>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "sql/query.hpp"
#include "wire/chain.hpp"
#include "wire/identity.hpp"

/// How values of the wire stand in a column, and what statements have in common.
namespace sinks {

wire::ChainHash read_hash(const sql::Query& row, int column);
wire::Incarnation read_incarnation(const sql::Query& row, int column);
std::optional<base::Duration> read_duration(const sql::Query& row, int column);

/// The id that an INSERT returns. Runs it to its end: only then is it done.
base::Result<std::int64_t> returned_id(sql::Query& query);

}  // namespace sinks
