#pragma once

#include <string_view>

namespace drivers {

/// The unit of SenML that the end of a name says: "temperature_F" gives degF, "tC" Cel,
/// "wind_avg_km_h" km/h, "battery_mV" mV. Empty when it says none.
std::string_view unit_in_name(std::string_view name);

/// The unit that a number of that name surely has, for advice: one in the name itself, Cel for
/// "outside_temp", / for "power_outage_count". Empty for "color_temp", "voltage", "pressure", which
/// may be in several.
std::string_view likely_unit(std::string_view name);

}  // namespace drivers
