#pragma once

#include <string_view>

namespace drivers {

/// Whether a member, column or label is called like what says whose reading it is, and so is no
/// measurement, though it may be a number: "id", "sensor_id", "devEUI", "Device 0 Address", "Node",
/// "room". Of a nested member only the last part counts: "device.id". Not where a number in the
/// name says it already ("sensor1", "Room 2"), nor where other words make a quantity or a message
/// of it: "Heat index", "Light sensor", "message_id", "humid".
bool names_identity(std::string_view key);

}  // namespace drivers
