#pragma once

#include <string_view>

namespace drivers {

/// The unit that the end of a name says, in the words of the table of units: "temperature_F" gives
/// degF, "tC" Cel, "wind_avg_km_h" km/h, "windspeedmph" mph, "dailyrainin" in. Empty when none.
std::string_view unit_in_name(std::string_view name);

/// Whether such a unit can be recorded as it is; miles, inches and psi are converted.
bool is_of_senml(std::string_view unit);

/// The unit of SenML to record a number of that name in, for advice: of one in the name, Cel for
/// "outside_temp", / for "power_outage_count". Empty for "color_temp", "voltage", "pressure", which
/// may be in several.
std::string_view likely_unit(std::string_view name);

}  // namespace drivers
