#pragma once

#include <vector>

#include "central/shell/table/table.hpp"
#include "central/views/window_view.hpp"

namespace shell {

/// What is shown of a judged window, behind what tells which one it is.
std::vector<Column> window_columns();
Row window_row(const views::JudgedWindow& window);

}  // namespace shell
