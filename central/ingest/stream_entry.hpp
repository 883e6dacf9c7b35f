#pragma once

#include <optional>

#include "central/ingest/source.hpp"
#include "redis/client.hpp"

namespace ingest {

/// An entry of XRANGE: its id, then names and values in turn. Nothing when no bridge can have
/// written it: a name, a number or a hash is impossible, or one that it needs is missing. Fields of
/// a later version are ignored.
std::optional<Entry> read_entry(const redis::Reply& reply);

}  // namespace ingest
