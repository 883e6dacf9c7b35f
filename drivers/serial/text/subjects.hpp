#pragma once

#include <string>
#include <vector>

#include "drivers/serial/text/decoded_line.hpp"

namespace drivers::serial {

/// Gives the labels of a line the words that stand only before the first of them: "Indoor
/// Temperature: 21 C, Humidity: 40 %" is "Indoor Humidity", "Acceleration X: 1, Y: 2" "Acceleration
/// Y". What a label is called by itself comes first ("Outdoor Humidity"), and so does what the
/// settings name (`named`). Words that only say more about their quantity ("Relative Humidity",
/// "Battery Voltage") are no such words. Of "X: 1, Y: 2, Z: 9.8 m/s^2" all have the unit.
void give_subjects(std::vector<DecodedLine::Value>& values, const std::vector<std::string>& named);

/// Notes beside which label a quantity stands that has no words of its own, where only one thing is
/// spoken of: the humidity of {"indoor_temperature":21,"humidity":40} may be of indoors.
void note_neighbours(std::vector<DecodedLine::Value>& values);

}  // namespace drivers::serial
