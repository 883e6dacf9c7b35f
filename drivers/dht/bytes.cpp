#include "drivers/dht/bytes.hpp"

namespace drivers::dht {

namespace {

// A DHT11 measures 20 to 90 %; a first byte below 4 is a DHT22's (the Linux driver's rule).
constexpr unsigned kDht11HumidityLeast = 4;
constexpr unsigned kHumidityMost = 100;
constexpr unsigned kDht11DegreesMost = 60;
constexpr unsigned kTenthsMost = 9;
constexpr std::uint8_t kBelowZero = 0x80;

constexpr unsigned kDht22HumidityMost = 1000;  // Tenths.
constexpr int kDht22Least = -400;
constexpr int kDht22Most = 800;

std::optional<Climate> dht11_climate(const Bytes& bytes) {
    const unsigned humidity = bytes[0];
    const unsigned humidity_tenths = bytes[1];
    const unsigned degrees = bytes[2];
    const unsigned degree_tenths = bytes[3] & ~unsigned{kBelowZero};
    if (humidity < kDht11HumidityLeast || humidity > kHumidityMost) return std::nullopt;
    if (humidity_tenths > kTenthsMost || degree_tenths > kTenthsMost) return std::nullopt;
    if (degrees > kDht11DegreesMost) return std::nullopt;
    const int tenths = static_cast<int>(degrees * 10 + degree_tenths);
    const bool below_zero = (bytes[3] & kBelowZero) != 0;
    const Climate climate{.humidity_percent = (humidity * 10 + humidity_tenths) / 10.0,
                          .temperature_celsius = (below_zero ? -tenths : tenths) / 10.0};
    if (!is_plausible(Model::dht11, climate)) return std::nullopt;
    return climate;
}

int dht22_tenths(unsigned word) {
    const int magnitude = static_cast<int>(word & 0x7fffU);
    if ((word & 0x8000U) == 0) return magnitude;
    if (-magnitude >= kDht22Least) return -magnitude;
    return static_cast<int>(word) - 0x10000;
}

std::optional<Climate> dht22_climate(const Bytes& bytes) {
    const unsigned humidity = bytes[0] * 256U + bytes[1];
    const int tenths = dht22_tenths(bytes[2] * 256U + bytes[3]);
    if (humidity > kDht22HumidityMost) return std::nullopt;
    if (tenths < kDht22Least || tenths > kDht22Most) return std::nullopt;
    return Climate{.humidity_percent = humidity / 10.0, .temperature_celsius = tenths / 10.0};
}

}  // namespace

std::optional<Model> parse_model(std::string_view name) {
    if (name == "dht11") return Model::dht11;
    if (name == "dht22") return Model::dht22;
    return std::nullopt;
}

bool checksum_holds(const Bytes& bytes) {
    return ((bytes[0] + bytes[1] + bytes[2] + bytes[3]) & 0xff) == bytes[4];
}

std::optional<Climate> plausible_climate(Model model, const Bytes& bytes) {
    // A line stuck low reads as zeros, whose checksum is right.
    if (bytes == Bytes{}) return std::nullopt;
    return model == Model::dht11 ? dht11_climate(bytes) : dht22_climate(bytes);
}

bool is_plausible(Model model, const Climate& climate) {
    const double least = model == Model::dht11 ? -20 : -40;
    const double most = model == Model::dht11 ? 60 : 80;
    return climate.humidity_percent >= 0 && climate.humidity_percent <= 100 &&
           climate.temperature_celsius >= least && climate.temperature_celsius <= most;
}

}  // namespace drivers::dht
