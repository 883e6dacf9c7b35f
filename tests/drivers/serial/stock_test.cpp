// Goal: what the examples of well-known libraries print is recorded with the right value and unit,
// without any setting where one is not needed; what is not understood is refused whole, and shown.
// Method: each example's own output, line by line, through a pseudo-terminal into the driver.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "drivers/serial/rig.hpp"

using serial_test::Rig;
using Texts = std::vector<std::string>;

namespace {

struct Sketch {
    std::string name;
    const char* settings;
    std::string prints;
    Texts readings;    // With their units.
    Texts failures{};  // What each begins with.
};

const std::vector<Sketch> kSketches{
    {"Adafruit MCP9808", "", "Temp: 23.4375*C\t and 74.1875*F.\r\n", {"temp=23.4375 Cel"}},
    {"Adafruit's thermistor", "", "Temperature 25.09 *C\r\n", {"temperature=25.09 Cel"}},
    {"Adafruit SGP30", "", "TVOC 5 ppb\teCO2 400 ppm\r\n", {"tvoc=0.005 ppm", "eco2=400 ppm"}},
    {"two scales with a stroke", "", "Temp: 21.5 C / 70.7 F\r\n", {"temp=21.5 Cel"}},
    {"Adafruit TCS34725",
     "",
     "Color Temp: 4500 K - Lux: 120\r\n",
     {"color_temp=4500 K", "lux=120 lx"}},
    {"a thermometer that does not answer",
     "",
     "{\"temperature\":-327.68,\"humidity\":655.35}\r\n",
     {},
     {"temperature: below absolute zero", "humidity: too high to be true"}},
    {"Adafruit DHTtester",
     "",
     "DHTxx test!\r\n"
     "Humidity: 45.00%  Temperature: 23.00°C 73.40°F  Heat index: 22.51°C 72.52°F\r\n",
     {"humidity=45 %RH", "temperature=23 Cel", "heat_index=22.51 Cel"}},
    {"Adafruit DHTtester of old",
     "",
     "Humidity: 45.00 %\tTemperature: 23.00 *C 73.40 *F\tHeat index: 22.51 *C 72.52 *F\r\n",
     {"humidity=45 %RH", "temperature=23 Cel", "heat_index=22.51 Cel"}},
    {"Adafruit DHTtester without a sensor",
     "",
     "Failed to read from DHT sensor!\r\n",
     {},
     {"Failed to read from DHT sensor!"}},
    {"Adafruit DHT_Unified",
     "",
     "DHTxx Unified Sensor Example\r\n------------------------------------\r\n"
     "Temperature Sensor\r\nSensor Type: DHT22\r\nDriver Ver:  1\r\nUnique ID:   -1\r\n"
     "Max Value:   125.00°C\r\nMin Value:   -40.00°C\r\nResolution:  0.10°C\r\n"
     "Humidity Sensor\r\nMax Value:   100.00%\r\nMin Value:   0.00%\r\nResolution:  0.10%\r\n"
     "Temperature: 23.40°C\r\nHumidity: 45.00%\r\nError reading temperature!\r\n",
     {"temperature=23.4 Cel", "humidity=45 %RH"},
     {"Error reading temperature!"}},
    {"SimpleDHT",
     "",
     "=================================\r\nSample DHT11...\r\nSample OK: 23 *C, 45 H\r\n"
     "Read DHT11 failed, err=16\r\n",
     {"temperature=23 Cel", "humidity=45 %RH"},
     {"Read DHT11 failed, err=16"}},
    {"DHTesp",
     "columns = [\"\", \"humidity\", \"temperature\", \"\", \"heat index (C)\", \"\"]\n",
     "Status\tHumidity (%)\tTemperature (C)\t(F)\tHeatIndex (C)\t(F)\r\n"
     "OK\t45.0\t\t23.0\t\t73.4\t\t22.5\t\t72.5\r\n",
     {"humidity=45 %RH", "temperature=23 Cel", "heat_index=22.5 Cel"}},
    {"DHTlib",
     "columns = [\"\", \"\", \"humidity\", \"temperature\"]\n",
     "DHT TEST PROGRAM \r\nType,\tstatus,\tHumidity (%),\tTemperature (C)\r\n"
     "DHT11, \tOK,\t45.0,\t23.0\r\nDHT11, \tTime out error,\t-999.0,\t-999.0\r\n",
     {"humidity=45 %RH", "temperature=23 Cel"},
     {"humidity: too low to be true: \"-999.0\"", "temperature: below absolute zero: \"-999.0\""}},
    {"a DHT with a serial plotter", "", "Temp:23.4,Hum:45.0\r\n", {"temp=23.4 Cel", "hum=45 %RH"}},
    {"a DHT read without a check",
     "",
     "Humidity: nan %\tTemperature: nan *C nan *F\r\n",
     {},
     {"Humidity: no number: \"nan %\"", "Temperature: no number: \"nan *C\""}},
    {"a DHT in two units with a bar",
     "",
     "Temperature: 23.00\xb0"
     "C  |  73.40\xb0"
     "F\r\n",
     {"temperature=23 Cel"}},
    {"Adafruit bme280test",
     "",
     "BME280 test\r\n-- Default Test --\r\n\r\nTemperature = 23.45 °C\r\nPressure = 1003.21 hPa\r\n"
     "Approx. Altitude = 84.10 m\r\nHumidity = 45.12 %\r\n\r\n",
     {"temperature=23.45 Cel", "pressure=100321 Pa", "approx_altitude=84.1 m",
      "humidity=45.12 %RH"}},
    {"Adafruit bme280test without a sensor",
     "",
     "Could not find a valid BME280 sensor, check wiring, address, sensor ID!\r\n",
     {},
     {"Could not find a valid BME280"}},
    {"a BME280 in one line",
     "",
     "Temp: 23.45°C\t\tHumidity: 45.12% RH\t\tPressure: 100321.00Pa\r\n",
     {"temp=23.45 Cel", "humidity=45.12 %RH", "pressure=100321 Pa"}},
    {"SparkFun BME280",
     "[sensor.keys]\nPressure = \"pressure:Pa\"\n",
     "Humidity: 45.12 Pressure: 100321.00 Alt: 84.1 Temp: 23.45\r\n",
     {"humidity=45.12 %RH", "pressure=100321 Pa", "temp=23.45 Cel"}},
    {"Adafruit BMP085",
     "",
     "Temperature = 23.40 *C\r\nPressure = 100321 Pa\r\nAltitude = 84.10 meters\r\n"
     "Pressure at sealevel (calculated) = 101325 Pa\r\nReal altitude = 84.50 meters\r\n",
     {"temperature=23.4 Cel", "pressure=100321 Pa", "altitude=84.1 m",
      "pressure_at_sealevel_calculated=101325 Pa", "real_altitude=84.5 m"}},
    {"SparkFun BMP180",
     "",
     "provided altitude: 1655 meters, 5430 feet\r\ntemperature: 23.40 deg C, 74.12 deg F\r\n"
     "absolute pressure: 1003.21 mb, 29.63 inHg\r\n"
     "relative (sea-level) pressure: 1220.11 mb, 36.03 inHg\r\n",
     {"provided_altitude=1655 m", "temperature=23.4 Cel", "absolute_pressure=100321 Pa",
      "relative_sea-level_pressure=122011 Pa"}},
    {"DallasTemperature Simple",
     "",
     "Dallas Temperature IC Control Library Demo\r\nRequesting temperatures...DONE\r\n"
     "Temperature for the device 1 (index 0) is: 23.50\r\nRequesting temperatures...DONE\r\n"
     "Temperature for the device 1 (index 0) is: -127.00\r\n"
     "Error: Could not read temperature data\r\n",
     {"temperature_for_the_device_1_index_0=23.5 Cel"},
     {"Temperature for the device 1 (index 0) is: the sensor does not answer: \"-127.00\"",
      "Could not read temperature data"}},
    {"DallasTemperature Multiple",
     "",
     "Device 0 Address: 28FF641F8216C3B1\r\nDevice 1 Address: 2851564300000012\r\n"
     "Device 0 Resolution: 9\r\nRequesting temperatures...DONE\r\n"
     "Device Address: 28FF641F8216C3B1 Temp C: 23.50 Temp F: 74.30\r\n"
     "Device Address: 2851564300000012 Temp C: 5.50 Temp F: 41.90\r\n",
     {"28ff641f8216c3b1-temp=23.5 Cel", "2851564300000012-temp=5.5 Cel"}},
    {"DallasTemperature Tester",
     "by = [\"Temperature for device\"]\n",
     "Temperature for device: 0\r\nTemp C: 23.50 Temp F: 74.30\r\n"
     "Temperature for device: 1\r\nTemp C: 5.50 Temp F: 41.90\r\n",
     {"0-temp=23.5 Cel", "1-temp=5.5 Cel"}},
    {"OneWire DS18x20",
     "by = [\"ROM\"]\nignore = [\"Data\", \"Chip\"]\n",
     "ROM = 28 FF 64 1F 82 16 C3 B1\r\n  Chip = DS18B20\r\n"
     "  Data = 1 50 1 4B 46 7F FF C 10 1C  CRC=1C\r\n"
     "  Temperature = 23.50 Celsius, 74.30 Fahrenheit\r\n"
     "ROM = 28 51 56 43 0 0 0 12\r\n  Temperature = 5.50 Celsius, 41.90 Fahrenheit\r\n"
     "No more addresses.\r\n",
     {"28ff641f8216c3b1-temperature=23.5 Cel", "2851564300000012-temperature=5.5 Cel"}},
    {"a DS18B20 without labels", "", " C  23.50 F  74.30\r\n", {}, {"not understood: \" C  23.50"}},
    {"HC-SR04",
     "",
     "Distance: 23 cm\r\nDistance: 24.5 cm\r\n",
     {"distance=0.23 m", "distance=0.245 m"}},
    {"HC-SR04 glued",
     "",
     "Distance:23cm\r\nDistance = 9.06 inches\r\n",
     {"distance=0.23 m", "distance=0.230124 m"}},
    {"Arduino Ping", "", "9in, 23cm\r\n23cm\r\n", {"distance=0.23 m", "distance=0.23 m"}},
    {"NewPing", "", "Ping: 23cm\r\nPing: 0cm\r\n", {"ping=0.23 m"}, {"Ping: no echo: \"0cm\""}},
    {"Ultrasonic", "", "Distance in CM: 23\r\nDistance in inches: 9\r\n", {"distance=0.23 m"}},
    {"HC-SR04 in two lines",
     "",
     "Distance (cm): 23.01\r\nDistance (inch): 9.06\r\n",
     {"distance=0.2301 m"}},
    {"a light-dependent resistor",
     "[sensor.keys]\n\"Analog reading\" = \"light_level:/\"\n",
     "Analog reading = 512 - Dim\r\n",
     {"light_level=512 /"}},
    {"a soil sensor", "", "Soil Moisture: 45%\r\n", {"soil_moisture=0.45 /"}},
    {"Adafruit SCD30",
     "",
     "Data available!\r\nTemperature: 23.40 degrees C\r\nRelative Humidity: 45.10 %\r\n"
     "CO2: 650.123 ppm\r\n",
     {"temperature=23.4 Cel", "relative_humidity=45.1 %RH", "co2=650.123 ppm"}},
    {"SparkFun SCD30",
     "",
     "co2(ppm):650 temp(C):23.4 humidity(%):45.1\r\n",
     {"co2=650 ppm", "temp=23.4 Cel", "humidity=45.1 %RH"}},
    {"Adafruit CCS811", "", "CO2: 400ppm, TVOC: 2ppb\r\n", {"co2=400 ppm", "tvoc=0.002 ppm"}},
    {"Adafruit SHT31",
     "",
     "Temp *C = 23.45\t\tHum. % = 45.12\r\n",
     {"temp=23.45 Cel", "hum=45.12 %RH"}},
    {"HTU21D",
     "",
     "Temp: 23.45 C\t\tHumidity: 45.12 %\r\n",
     {"temp=23.45 Cel", "humidity=45.12 %RH"}},
    {"HDC1080", "", "T=23.45C, RH=45.12%\r\n", {"t=23.45 Cel", "rh=45.12 %RH"}},
    {"BH1750", "", "Light: 54.17 lx\r\n", {"light=54.17 lx"}},
    {"TSL2561", "", "54.17 lux\r\n", {"light=54.17 lx"}},
    {"TSL2591",
     "ignore = [\"IR\", \"Full\", \"Visible\"]\n",
     "[ 1234 ms ] IR: 12  Full: 34  Visible: 22  Lux: 54.170\r\n",
     {"lux=54.17 lx"}},
    {"MLX90614",
     "",
     "Ambient = 23.10*C\tObject = 24.00*C\r\n",
     {"ambient=23.1 Cel", "object=24 Cel"}},
    {"BME680", "", "Gas = 12.30 KOhms\r\n", {"gas=12300 Ohm"}},
    {"two rooms by name",
     "",
     "Indoor Temperature: 21.00\r\nOutdoor Temperature: 5.00\r\n",
     {"indoor_temperature=21 Cel", "outdoor_temperature=5 Cel"}},
    {"two rooms in a line",
     "",
     "Outdoor Temperature: 5 Indoor Temperature: 21\r\n",
     {"outdoor_temperature=5 Cel", "indoor_temperature=21 Cel"}},
    {"a room before its readings",
     "",
     "Kitchen: Temperature: 21, Humidity: 45\r\n",
     {"kitchen_temperature=21 Cel", "kitchen_humidity=45 %RH"}},
    {"two rooms, and two readings of each",
     "",
     "Indoor Temperature: 21 C, Humidity: 40 %\r\nOutdoor Temperature: 5 C, Humidity: 80 %\r\n",
     {"indoor_temperature=21 Cel", "indoor_humidity=40 %RH", "outdoor_temperature=5 Cel",
      "outdoor_humidity=80 %RH"}},
    {"Adafruit MPU6050",
     "",
     "Acceleration X: 1.00, Y: 2.00, Z: 9.80 m/s^2\r\nRotation X: 0.10, Y: 0.20, Z: 0.30 rad/s\r\n"
     "Temperature: 26.50 degC\r\n",
     {"acceleration_x=1 m/s2", "acceleration_y=2 m/s2", "acceleration_z=9.8 m/s2",
      "rotation_x=0.1 rad/s", "rotation_y=0.2 rad/s", "rotation_z=0.3 rad/s",
      "temperature=26.5 Cel"}},
    {"Adafruit ADXL345",
     "",
     "X: 0.10  Y: -0.20  Z: 9.81  m/s^2 \r\n",
     {"x=0.1 m/s2", "y=-0.2 m/s2", "z=9.81 m/s2"}},
    {"Adafruit LSM6DS, and a scale in pounds",
     "",
     "\t\tGyro X: 0.10 \tY: 0.20 \tZ: 0.30 radians/s \r\nWeight: 2 lbs\r\n",
     {"gyro_x=0.1 rad/s", "gyro_y=0.2 rad/s", "gyro_z=0.3 rad/s", "weight=0.907185 kg"}},
    {"an HC-SR04 without a unit",
     "[sensor.keys]\nDistance = \"distance:cm\"\n",
     "Distance: 23\r\n",
     {"distance=0.23 m"}},
    {"a serial plotter", "accept = \"any\"\n", "a:1,b:-2.5\r\n", {"a=1 /", "b=-2.5 /"}},
    {"colours, as ESP-IDF has them",
     "",
     "\x1b[0;32mI (1234) main: Temperature: 23.4\x1b[0m\r\n\x1b[2J\x1b[HHumidity: 45\x1b[K\r\n",
     {"temperature=23.4 Cel", "humidity=45 %RH"}},
    {"a time before the reading",
     "",
     "12:34:56.789 -> Temperature: 23.4\n2026-11-28 12:34:56, Temperature: 23.5\r\r\n",
     {"temperature=23.4 Cel", "temperature=23.5 Cel"}},
    {"a decimal comma",
     "decimal = \",\"\n",
     "Temperature: 23,4, Humidity: 45,25 %\r\nTemperature: 23;Humidity: 45\r\n",
     {"temperature=23.4 Cel", "humidity=45.25 %RH", "temperature=23 Cel", "humidity=45 %RH"}},
    {"columns",
     "columns = [\"humidity\", \"temperature_f\"]\n",
     "humidity,temperature\r\n45.0,50\r\n45.1, 51.8\r\n\r\n45.2,nan\r\n45,3,4\r\n45.0\r\n",
     {"humidity=45 %RH", "temperature=10 Cel", "humidity=45.1 %RH", "temperature=11 Cel",
      "humidity=45.2 %RH"},
     {"temperature_f: no number: \"nan\"", "not understood: \"45,3,4\"",
      "not understood: \"45.0\""}},
    {"columns with a decimal comma",
     "decimal = \",\"\ncolumns = [\"humidity\", \"temperature\"]\n",
     "45,5;23,4\r\n45,5\t23,4\r\n",
     {"humidity=45.5 %RH", "temperature=23.4 Cel", "humidity=45.5 %RH", "temperature=23.4 Cel"}},
};

std::string joined(const Texts& texts) {
    return fmt::format("{}", fmt::join(texts, "; "));
}

}  // namespace

TEST_CASE("what a well-known sketch prints is recorded right") {
    for (const auto& sketch : kSketches) {
        CAPTURE(sketch.name);
        Rig rig(sketch.settings);
        rig.say("{}\n");
        rig.say(sketch.prints);
        CHECK(joined(rig.with_units) == joined(sketch.readings));
        const auto failures = rig.take_failures();
        CAPTURE(joined(failures));
        REQUIRE(failures.size() == sketch.failures.size());
        for (std::size_t i = 0; i < failures.size(); ++i) {
            CHECK(failures[i].starts_with(sketch.failures[i]));
        }
    }
}
