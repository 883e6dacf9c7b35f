#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/sampling/filter.hpp"
#include "agent/sampling/sensor.hpp"
#include "agent/sampling/timeline.hpp"
#include "delivery/records/flush.hpp"
#include "wire/record.hpp"
#include "wire/status.hpp"

namespace agent {

/// The series of a node, numbered in order of appearance: how each is declared, the filter in front
/// of it, and its newest reading. Reads no sensor, judges no reading, and asks no clock.
class SeriesTable {
  public:
    /// `started` is when the node's configuration began to hold: from then on its sensors are where
    /// it says. Without it, and when no record can carry it, declarations do not say where.
    explicit SeriesTable(const std::optional<Stamp>& started = {});

    /// Adds the series that a sensor has gained since the last call. A quantity whose name makes no
    /// series name is reported and has no series. Sensors are numbered from 0.
    void add_series_of(std::size_t sensor, const Sensor& known);

    /// The series of a sensor's quantity; nothing when there is none.
    std::optional<std::size_t> find(std::size_t sensor, std::size_t quantity) const;

    /// Every series of a sensor.
    std::vector<std::size_t> of_sensor(std::size_t sensor) const;

    std::size_t size() const { return rows_.size(); }
    const std::vector<std::string>& names() const { return names_; }
    Filter& filter(std::size_t series) { return rows_.at(series).filter; }

    /// Replaces the newest reading of a series.
    const wire::LatestReading& update(std::size_t series, double value, const Stamp& stamp);

    /// A reading of some series was recorded.
    void count_change() { ++changes_; }

    /// Grows with every recorded reading, but not with one that the deadband suppressed.
    std::uint64_t changes() const { return changes_; }

    /// Adds the declarations that no flush has carried yet.
    void declare(delivery::Flush& flush);

    /// The next declare() adds all of them again: the far side may not know them.
    void redeclare() { declared_ = 0; }

    /// The newest value of a series; nothing while it has none.
    std::optional<double> latest(std::string_view series) const;

    /// The newest readings, and the declarations of the series that have one.
    std::vector<wire::LatestReading> latest() const;
    std::vector<wire::SeriesDeclaration> shown() const;

  private:
    struct Row {
        wire::SeriesDeclaration declaration;
        Filter filter;
        std::optional<wire::LatestReading> latest{};
    };

    std::optional<std::size_t> add(const Sensor& sensor, const drivers::Quantity& quantity);
    std::optional<wire::Situation> situation_of(const Sensor& sensor) const;

    std::optional<wire::Situation> started_;  // Of no sensor.
    std::vector<std::string> names_;          // Of the rows: data records refer to them by number.
    std::vector<Row> rows_;
    std::vector<std::vector<std::optional<std::size_t>>> of_sensor_;  // Of each of its quantities.
    std::size_t declared_ = 0;  // How many of the rows a flush has carried.
    std::uint64_t changes_ = 0;
};

/// Reports filters for quantities that the sensor does not have: a mistyped name would filter
/// nothing, silently.
void report_unused_filters(const Sensor& sensor);

}  // namespace agent
