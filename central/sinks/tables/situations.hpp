#pragma once

#include <map>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "central/dimensions/statement.hpp"
#include "sql/database.hpp"

namespace sinks {

/// Where each series of a node is, and its tags, at a time. A series of which neither is known is
/// left out.
base::Result<std::map<std::string, dimensions::Situation>> read_situations(sql::Database& database,
                                                                           const std::string& node,
                                                                           base::EventTime at);

/// Conditions on a row of dim_series: that at ?5 it is in the location ?6 or within it, and that it
/// has the tag ?7. Empty texts ask for nothing, and the location "unknown" for none.
extern const char* const kSituationConditions;

/// The statements that make the views of where series are, and of their windows by location, for
/// the windows of these names: {"hourly", "hour", "1h"}. They replace older ones.
struct WindowsView {
    std::string name;  // v_hourly
    std::string unit;  // The column of times: "hour".
    std::string span;  // The end of the table's name: "1h".
};
std::string situation_views();
std::string window_views(const WindowsView& view);

/// An expression for the location of a series at a time, both columns; never NULL.
std::string location_at(const std::string& series_id, const std::string& time);

}  // namespace sinks
