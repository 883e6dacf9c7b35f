#pragma once

#include "drivers/simulator/room.hpp"

namespace drivers::simulator {

/// A DS18B20 (Maxim, "DS18B20 programmable resolution 1-Wire digital thermometer": -55 to 125 Cel,
/// ±0.5 from -10 to 85, 12 bits). Each part has an offset for life, and each read a little noise.
class Ds18b20 {
  public:
    static constexpr double kLeast = -55;  // Cel
    static constexpr double kMost = 125;
    static constexpr double kResolution = 0.0625;

    explicit Ds18b20(const Room& room);

    /// Cel, a multiple of the resolution. It protects its answers with a CRC and hardly ever fails.
    double read(base::EventTime time) const;

  private:
    const Room& room_;
    double offset_;
};

}  // namespace drivers::simulator
