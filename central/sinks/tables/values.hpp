#pragma once

#include <cstdint>
#include <optional>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "sqlite/query.hpp"
#include "wire/chain.hpp"
#include "wire/identity.hpp"

/// How values of the wire stand in a column, and what statements have in common.
namespace sinks {

wire::ChainHash read_hash(const sqlite::Query& row, int column);
wire::Incarnation read_incarnation(const sqlite::Query& row, int column);
std::optional<base::Duration> read_duration(const sqlite::Query& row, int column);

/// The id that an INSERT returns. Runs it to its end: only then is it done.
base::Result<std::int64_t> returned_id(sqlite::Query& query);

}  // namespace sinks
