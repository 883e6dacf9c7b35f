#pragma once

#include <string>

#include "base/json.hpp"
#include "central/engine/changes.hpp"

namespace views {

/// "attic/climate.temperature".
std::string series_id(const engine::SeriesRow& row);

/// An item of the series list.
void write_series(base::JsonWriter& json, const engine::SeriesRow& row);

}  // namespace views
