#pragma once

/// The physics of moist air that the simulated sensors need. Temperatures in degrees Celsius.
namespace drivers::simulator {

/// Saturation vapour pressure over water in Pa: Magnus' formula, 6.112 hPa exp(17.62 t/(243.12 +
/// t)), -45 to 60 Cel (WMO-No. 8, Guide to Instruments and Methods of Observation, annex 4.B).
double saturation_pressure_pa(double temperature);

/// Grams of water in a cubic metre from relative humidity in percent, and back: an ideal gas with
/// 461.5 J/(kg K) for water vapour. The way back is not limited to 100 %RH.
double absolute_humidity(double temperature, double relative_percent);
double relative_humidity(double temperature, double grams_per_cubic_metre);

}  // namespace drivers::simulator
