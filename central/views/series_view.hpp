#pragma once

#include <string>

#include "base/json.hpp"
#include "central/dimensions/statement.hpp"
#include "central/engine/changes.hpp"

namespace views {

/// "attic/climate.temperature".
std::string series_id(const engine::SeriesRow& row);

/// An item of the series list, with where the series is now.
void write_series(base::JsonWriter& json, const engine::SeriesRow& row,
                  const dimensions::Situation& situation);

}  // namespace views
