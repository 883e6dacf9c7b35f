#include "agent/sampling/series_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/log.hpp"
#include "delivery/records/record_lines.hpp"
#include "wire/identity.hpp"

namespace agent {

namespace {

using base::Duration;

std::optional<double> finite(std::optional<double> number) {
    return number && std::isfinite(*number) ? number : std::nullopt;
}

FilterOptions filter_of(const Sensor& sensor, const drivers::Quantity& quantity) {
    const auto found = sensor.filters.find(quantity.name);
    auto options = found == sensor.filters.end() ? FilterOptions{} : found->second;
    if (!options.urgent) options.urgent = quantity.urgent && !options.is_partial();
    return options;
}

/// How often a reading is to be expected at least. What the deadband suppresses is not missing: the
/// first reading after the heartbeat is the one that is due.
std::optional<Duration> period_of(const Sensor& sensor, const drivers::Quantity& quantity,
                                  const FilterOptions& filter) {
    if (quantity.rhythm == drivers::Rhythm::events) return std::nullopt;
    if (sensor.period <= Duration::zero()) return std::nullopt;
    if (filter.deadband <= 0) return sensor.period;
    const auto periods = (filter.heartbeat + sensor.period - Duration{1}) / sensor.period;
    return std::max<Duration::rep>(periods, 1) * sensor.period;
}

wire::SeriesDeclaration declaration_of(const Sensor& sensor, const drivers::Quantity& quantity,
                                       const FilterOptions& filter) {
    return {
        .series = sensor.name + "." + quantity.name,
        .quantity = quantity.kind.empty() ? quantity.name : quantity.kind,
        .unit = quantity.unit,
        .driver = sensor.kind,
        .least = finite(quantity.least),
        .most = finite(quantity.most),
        .resolution = finite(quantity.resolution),
        .period = period_of(sensor, quantity, filter),
        .also_between = filter.deadband > 0 || quantity.rhythm == drivers::Rhythm::also_between};
}

}  // namespace

SeriesTable::SeriesTable(const std::optional<Stamp>& started) {
    if (!started || !is_in_range(started->at)) return;
    if (started->clock == wire::ClockState::boot && started->boot.empty()) return;
    started_ = {.at = started->at,
                .clock = started->clock,
                .boot = std::string{started->boot},
                .location = {},
                .tags = {},
                .since_boot = started->since_boot};
}

void SeriesTable::add_series_of(std::size_t sensor, const Sensor& known) {
    if (sensor >= of_sensor_.size()) of_sensor_.resize(sensor + 1);
    auto& series = of_sensor_[sensor];
    const auto& quantities = known.driver->quantities();
    for (auto i = series.size(); i < quantities.size(); ++i) {
        series.push_back(add(known, quantities[i]));
    }
}

std::optional<std::size_t> SeriesTable::add(const Sensor& sensor,
                                            const drivers::Quantity& quantity) {
    const auto filter = filter_of(sensor, quantity);
    auto declaration = declaration_of(sensor, quantity, filter);
    declaration.situation = situation_of(sensor);
    if (!wire::is_series_name(declaration.series)) {
        base::log_error("a series name is not usable", {{"series", declaration.series}});
        return std::nullopt;
    }
    names_.push_back(declaration.series);
    rows_.push_back({.declaration = std::move(declaration), .filter = Filter{filter}});
    return rows_.size() - 1;
}

std::optional<wire::Situation> SeriesTable::situation_of(const Sensor& sensor) const {
    auto situation = started_;
    if (!situation) return situation;
    situation->location = sensor.location;
    situation->tags = sensor.tags;
    return situation;
}

std::optional<std::size_t> SeriesTable::find(std::size_t sensor, std::size_t quantity) const {
    const auto& series = of_sensor_.at(sensor);
    return quantity < series.size() ? series[quantity] : std::nullopt;
}

std::vector<std::size_t> SeriesTable::of_sensor(std::size_t sensor) const {
    std::vector<std::size_t> result;
    for (const auto& series : of_sensor_.at(sensor)) {
        if (series) result.push_back(*series);
    }
    return result;
}

const wire::LatestReading& SeriesTable::update(std::size_t series, double value,
                                               const Stamp& stamp) {
    const bool counts_from_boot = stamp.clock == wire::ClockState::boot;
    auto& row = rows_.at(series);
    row.latest = {.series = row.declaration.series,
                  .unit = row.declaration.unit,
                  .value = value,
                  .at = stamp.at,
                  .boot = counts_from_boot ? std::string{stamp.boot} : ""};
    return *row.latest;
}

void SeriesTable::declare(delivery::Flush& flush) {
    for (; declared_ < rows_.size(); ++declared_) {
        delivery::add_line({.body = rows_[declared_].declaration, .origin = {}}, std::nullopt,
                           flush);
    }
}

std::optional<double> SeriesTable::latest(std::string_view series) const {
    for (const auto& row : rows_) {
        if (row.latest && row.declaration.series == series) return row.latest->value;
    }
    return std::nullopt;
}

std::vector<wire::LatestReading> SeriesTable::latest() const {
    std::vector<wire::LatestReading> readings;
    for (const auto& row : rows_) {
        if (row.latest) readings.push_back(*row.latest);
    }
    return readings;
}

std::vector<wire::SeriesDeclaration> SeriesTable::shown() const {
    std::vector<wire::SeriesDeclaration> declarations;
    for (const auto& row : rows_) {
        if (row.latest) declarations.push_back(row.declaration);
    }
    return declarations;
}

void report_unused_filters(const Sensor& sensor) {
    std::vector<std::string> names;
    for (const auto& quantity : sensor.driver->quantities()) names.push_back(quantity.name);
    for (const auto& [name, options] : sensor.filters) {
        if (std::find(names.begin(), names.end(), name) != names.end()) continue;
        base::log_warn("the configuration filters a series that the sensor does not have (yet)",
                       {{"sensor", sensor.name},
                        {"series", name},
                        {"known", fmt::format("{}", fmt::join(names, " "))}});
    }
}

}  // namespace agent
