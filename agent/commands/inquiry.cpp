#include "agent/commands/inquiry.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/json.hpp"
#include "wire/identity.hpp"

namespace agent {

void Inquiry::accept(std::string_view sensor, const wire::LatestReading& reading,
                     base::Instant taken) {
    if (concerns(sensor, taken)) readings_[reading.series] = reading;
}

void Inquiry::accept(std::string_view sensor, const std::string& fault, base::Instant taken) {
    if (concerns(sensor, taken)) faults_[std::string{sensor}] = fault;
}

bool Inquiry::concerns(std::string_view sensor, base::Instant taken) const {
    return taken >= asked_ && std::find(sensors_.begin(), sensors_.end(), sensor) != sensors_.end();
}

bool Inquiry::has_answered(const std::string& sensor) const {
    return faults_.contains(sensor) ||
           std::any_of(readings_.begin(), readings_.end(), [&](const auto& reading) {
               return wire::sensor_of(reading.first) == sensor;
           });
}

bool Inquiry::is_over(base::Instant now) const {
    return now >= due_ || silent().empty();
}

std::vector<std::string> Inquiry::silent() const {
    std::vector<std::string> names;
    for (const auto& sensor : sensors_) {
        if (!has_answered(sensor)) names.push_back(sensor);
    }
    return names;
}

Response Inquiry::response() const {
    if (readings_.empty()) return response_without_readings();
    std::vector<wire::LatestReading> newest;
    for (const auto& [series, reading] : readings_) newest.push_back(reading);
    base::JsonWriter json;
    json.begin_object().key("faults").begin_object();
    for (const auto& [sensor, fault] : faults_) json.member(sensor, fault);
    json.end_object().key("silent").begin_array();
    for (const auto& sensor : silent()) json.value(sensor);
    json.end_array().end_object();
    return ok("{\"readings\":" + wire::encode_state(newest) + "," + json.take().substr(1));
}

Response Inquiry::response_without_readings() const {
    if (faults_.empty()) {
        return refusal(Reason::timeout,
                       fmt::format("nothing came within {} ms", request_.within.count()));
    }
    std::vector<std::string> lines;
    for (const auto& [sensor, fault] : faults_) {
        lines.push_back(fmt::format("{}: {}", sensor, fault));
    }
    return refusal(Reason::failed, fmt::format("{}", fmt::join(lines, "; ")));
}

}  // namespace agent
