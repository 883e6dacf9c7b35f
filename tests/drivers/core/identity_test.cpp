#include "drivers/core/identity.hpp"

#include <doctest/doctest.h>

#include <string>

TEST_CASE("what says whose reading it is has one of the usual names") {
    for (const std::string key : {"id",
                                  "ID",
                                  "Id",
                                  "sensor_id",
                                  "sensorId",
                                  "SensorID",
                                  "sensor-id",
                                  "Sensor ID",
                                  "node",
                                  "Node",
                                  "node_id",
                                  "nodeid",
                                  "addr",
                                  "address",
                                  "Device 0 Address",
                                  "device.id",
                                  "data.room",
                                  "channel",
                                  "ch",
                                  "idx",
                                  "index",
                                  "location",
                                  "room",
                                  "name",
                                  "device_name",
                                  "mac",
                                  "MAC Address",
                                  "eui",
                                  "devEUI",
                                  "deveui",
                                  "dev_addr",
                                  "sn",
                                  "serial",
                                  "serial number",
                                  "serialnumber",
                                  "src",
                                  "source",
                                  "from",
                                  "sid",
                                  "probe",
                                  "moteid",
                                  "entity_id",
                                  "ieeeAddr",
                                  "ieee_addr",
                                  "hw_id",
                                  "unit_id",
                                  "station_name",
                                  "stationname",
                                  "model",
                                  "host",
                                  "sensor index",
                                  "sensor",
                                  "device",
                                  "zone",
                                  "uuid"}) {
        CAPTURE(key);
        CHECK(drivers::names_identity(key));
    }
}

TEST_CASE("a quantity, a message or a numbered thing is no identity") {
    for (const std::string key : {"",           "temperature",  "Heat index",
                                  "heatIndex",  "uv_index",     "humid",
                                  "grid",       "pid",          "valid",
                                  "sensor1",    "Sensor 1",     "Room 2",
                                  "ch1",        "Light sensor", "living room",
                                  "message_id", "msgId",        "packet_id",
                                  "unit",       "no",           "ssid",
                                  "file name",  "battery",      "id.temperature",
                                  "addressed",  "power source", "host_uptime",
                                  "chill",      "temperature.", "channels"}) {
        CAPTURE(key);
        CHECK_FALSE(drivers::names_identity(key));
    }
}
