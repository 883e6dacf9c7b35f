#include "hil/tap.hpp"

#include <stdexcept>
#include <variant>

#include "support/eventually.hpp"
#include "wire/batch.hpp"
#include "wire/record.hpp"
#include "wire/topic.hpp"

namespace hil {

namespace {

broker::PahoOptions options_for(const support::Mosquitto& broker, const std::string& node) {
    broker::PahoOptions options;
    options.address = broker.url();
    options.client_id = "tap";
    options.subscriptions = {{.filter = wire::Topics{}.data(node)}};
    return options;
}

wire::Record decoded(const std::string& line) {
    auto record = wire::decode_record(line);
    if (!record) throw std::runtime_error(record.error().detail + ": " + line);
    return std::move(record).value();
}

}  // namespace

Tap::Tap(const support::Mosquitto& broker, const std::string& node)
    : connection_(options_for(broker, node), 1) {
    const bool connected = support::eventually([this] {
        connection_.tick(clock_.instant());
        return connection_.session() != 0;
    });
    if (!connected) throw std::runtime_error(connection_.trouble());
}

void Tap::listen() {
    connection_.tick(clock_.instant());
    while (const auto message = connection_.take()) {
        const auto batch = wire::decode_batch(message->payload);
        if (!batch) throw std::runtime_error(batch.error().detail);
        auto seq = batch.value().header.base;
        for (const auto& line : batch.value().lines) lines_.emplace(seq++, line);
    }
}

std::vector<Reading> Tap::readings(const std::string& series) const {
    std::vector<Reading> result;
    for (const auto& [seq, line] : lines_) {
        const auto record = decoded(line);
        const auto* data = std::get_if<wire::Data>(&record.body);
        if (data == nullptr) continue;
        for (const auto& column : data->columns) {
            if (column.series != series) continue;
            const auto& points = std::get<wire::RawColumn>(column.points);
            for (std::size_t i = 0; i < points.values.size(); ++i) {
                result.push_back(
                    {base::to_milliseconds(data->at) + points.dt_ms[i], points.values[i]});
            }
        }
    }
    return result;
}

std::size_t Tap::count() const {
    std::size_t result = 0;
    for (const auto& [seq, line] : lines_) {
        const auto record = decoded(line);
        if (const auto* data = std::get_if<wire::Data>(&record.body)) result += data->readings();
    }
    return result;
}

std::vector<std::string> Tap::faults() const {
    std::vector<std::string> result;
    for (const auto& [seq, line] : lines_) {
        const auto record = decoded(line);
        const auto* fault = std::get_if<wire::SensorFault>(&record.body);
        if (fault != nullptr) result.push_back(fault->sensor + ": " + fault->reason);
    }
    return result;
}

}  // namespace hil
