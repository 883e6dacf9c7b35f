#include "drivers/simulator/air.hpp"

#include <cmath>

namespace drivers::simulator {

namespace {

constexpr double kZeroCelsius = 273.15;  // K
constexpr double kVapourGas = 461.5;     // J/(kg K)
constexpr double kGrams = 1000;          // in a kilogram

}  // namespace

double saturation_pressure_pa(double temperature) {
    return 611.2 * std::exp(17.62 * temperature / (243.12 + temperature));
}

double absolute_humidity(double temperature, double relative_percent) {
    const double pressure = relative_percent / 100 * saturation_pressure_pa(temperature);
    return kGrams * pressure / (kVapourGas * (kZeroCelsius + temperature));
}

double relative_humidity(double temperature, double grams_per_cubic_metre) {
    const double pressure =
        grams_per_cubic_metre / kGrams * kVapourGas * (kZeroCelsius + temperature);
    return 100 * pressure / saturation_pressure_pa(temperature);
}

}  // namespace drivers::simulator
