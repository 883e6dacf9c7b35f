#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/random.hpp"

namespace drivers::simulator {

struct RoomOptions {
    double mean_temperature = 21;  // Cel
    double amplitude = 2;          // Cel: how far a day swings to either side.
    double mean_humidity = 45;     // %RH at the mean temperature.
    std::uint64_t seed = 0;
};

/// A person who walks past the sensors, perhaps through the door.
struct Passing {
    base::EventTime begin;
    base::EventTime end;
    double distance_m = 0;      // From the ultrasonic sensor.
    base::EventTime door_shut;  // Not after `begin` if the door stayed shut.
};

/// A room with heating, weather outside, a door, and people. Its state is a pure function of the
/// options and the time. Nothing is remembered: any moment can be queried, in any order, on any
/// machine, with the same answer. Days are UTC days.
class Room {
  public:
    explicit Room(const RoomOptions& options);

    double temperature(base::EventTime time) const;        // Cel
    double absolute_humidity(base::EventTime time) const;  // g/m3
    double humidity(base::EventTime time) const;           // %RH, at most 100
    /// The distance to the nearest object in front of the ultrasonic sensor: a person, the shut
    /// door, or the wall behind the open one.
    double distance_m(base::EventTime time) const;
    /// Whether somebody holds the door open.
    bool door_is_open(base::EventTime time) const;
    /// Everybody who begins to walk past within [from, to), in order.
    std::vector<Passing> passings(base::EventTime from, base::EventTime to) const;

    /// Random numbers for one purpose at one moment; the same seed gives the same ones.
    base::Random chance(std::string_view purpose, base::EventTime time) const;
    /// Random numbers for one purpose, the same at all times.
    base::Random chance(std::string_view purpose) const;

  private:
    /// Slow waves around 0, within about -1 to 1, that never repeat in a lifetime.
    class Weather {
      public:
        explicit Weather(base::Random random);
        double at(base::EventTime time) const;

      private:
        std::vector<double> phases_;
    };

    RoomOptions options_;
    Weather warm_;
    Weather moist_;
    double mean_absolute_humidity_;
};

}  // namespace drivers::simulator
