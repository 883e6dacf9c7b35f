#include "drivers/gpio/consumer.hpp"

namespace drivers::gpio {

namespace {

constexpr std::string_view kAgent = "leat:";

}  // namespace

std::string consumer_of(std::string_view sensor, std::string_view part) {
    auto consumer = std::string{kAgent}.append(sensor);
    return part.empty() ? consumer : consumer.append(":").append(part);
}

bool is_of_agent(std::string_view consumer) {
    return consumer.starts_with(kAgent);
}

bool is_of_sensor(std::string_view consumer, std::string_view sensor) {
    const auto whole = consumer_of(sensor);
    return consumer == whole || consumer.starts_with(whole + ":");
}

}  // namespace drivers::gpio
