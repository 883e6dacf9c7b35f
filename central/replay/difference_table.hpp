#pragma once

#include "central/replay/replay.hpp"
#include "central/shell/table/table.hpp"

namespace replay {

/// What would be different, a window or a finding a row; without `with_rows` only how much.
shell::Table table_of(const Replayed& replayed, const Order& order, bool with_rows);

}  // namespace replay
