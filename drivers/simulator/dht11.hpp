#pragma once

#include "base/result.hpp"
#include "drivers/simulator/room.hpp"

namespace drivers::simulator {

/// A DHT11 of the older kind, whose decimals are always 0 (Aosong, "Temperature and humidity module
/// DHT11 product manual": 0-50 Cel ±2, 20-90 %RH ±5, resolution 1, repeatability ±1). Each
/// part has an offset for life, and each read a little noise. Values stop at the ends of the range.
class Dht11 {
  public:
    static constexpr double kTemperatureLeast = 0;  // Cel
    static constexpr double kTemperatureMost = 50;
    static constexpr double kHumidityLeast = 20;  // %RH
    static constexpr double kHumidityMost = 90;
    static constexpr double kResolution = 1;  // Both.

    explicit Dht11(const Room& room);

    struct Values {
        double temperature = 0;
        double humidity = 0;
    };
    /// Transient, with the reason: about 15 in 1000 reads fail, as on a busy board with a long
    /// cable.
    base::Result<Values> read(base::EventTime time) const;

  private:
    const Room& room_;
    double temperature_offset_;
    double humidity_offset_;
};

}  // namespace drivers::simulator
