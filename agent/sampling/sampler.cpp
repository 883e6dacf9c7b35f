#include "agent/sampling/sampler.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/log.hpp"
#include "wire/limits.hpp"

namespace agent {

namespace {

using base::Instant;

/// Why a value cannot be recorded; null when it can.
const char* unusable(double value) {
    if (!std::isfinite(value)) return "not a finite number";
    return std::abs(value) <= wire::kValueMax ? nullptr : "beyond what is measured";
}

}  // namespace

Sampler::Sampler(const SamplerOptions& options, std::vector<Sensor> sensors,
                 const base::Clock& clock, const ClockWatch& watch, base::Counters& counters)
    : options_(options),
      clock_(clock),
      counters_(counters),
      timeline_(clock, watch, counters),
      series_(timeline_.stamp(clock.instant())),
      faults_(options.faults, counters) {
    const auto now = clock_.instant();
    for (auto& sensor : sensors) add(std::move(sensor), now);
    report_series_limit();
}

/// Once: a driver may gain series one by one.
void Sampler::report_series_limit() {
    if (series_limit_reported_ || series_.size() <= wire::kSeriesPerNodeMax) return;
    series_limit_reported_ = true;
    base::log_warn("more series than the centre accepts by default",
                   {{"series", series_.size()},
                    {"default", wire::kSeriesPerNodeMax},
                    {"hint", "raise series_per_node at the centre, or send fewer series"}});
}

void Sampler::add(Sensor sensor, Instant now) {
    auto& readings = counters_.counter("leat_agent_readings_total", "Readings recorded.",
                                       {{"sensor", sensor.name}});
    const auto number = slots_.size();
    schedule_.add(sensor.name, sensor.period, now);
    series_.add_series_of(number, sensor);
    report_unused_filters(sensor);
    slots_.push_back({.number = number, .sensor = std::move(sensor), .readings = &readings});
}

bool Sampler::tick(Instant now, bool read_on) {
    timeline_.observe(now);
    bool more = false;
    for (auto& slot : slots_) {
        trigger(slot, now);
        more |= collect(slot, now, read_on);
    }
    return more;
}

void Sampler::trigger(Slot& slot, Instant now) {
    auto& driver = *slot.sensor.driver;
    if (schedule_.begin_turn(slot.number, now, driver.rest())) driver.trigger(now);
}

bool Sampler::ask(std::string_view sensor, Instant now) {
    const auto number = schedule_.find(sensor);
    if (!number) return false;
    schedule_.ask(*number, now, slots_[*number].sensor.driver->rest());
    return true;
}

std::size_t Sampler::room_for(const Slot& slot, bool read_on) const {
    const bool can_wait = slot.sensor.driver->can_wait();
    if (can_wait && !read_on) return 0;
    const auto most = can_wait ? options_.readings_max / 2 : options_.readings_max;
    const auto room = most - std::min(waiting(), most);
    // A harvest smaller than the number of quantities could not hold even one row.
    const auto least = std::max<std::size_t>(slot.sensor.driver->quantities().size(), 1);
    return room < least ? 0 : std::min(room, std::max(options_.collect_max, least));
}

bool Sampler::collect(Slot& slot, Instant now, bool read_on) {
    if (slot.finished) return false;
    const auto room = room_for(slot, read_on);
    if (room == 0) return false;
    const auto harvest = slot.sensor.driver->collect(now, room);
    series_.add_series_of(slot.number, slot.sensor);
    report_series_limit();
    accept(slot, harvest, now);
    slot.has_caught_up |= harvest.measurements.empty() && !harvest.position;
    if (!slot.has_caught_up) slot.backlog += harvest.measurements.size();
    return slot.sensor.driver->can_wait() && 2 * harvest.measurements.size() > room;
}

std::vector<Sampler::Backlog> Sampler::backlogs() const {
    std::vector<Backlog> backlogs;
    for (const auto& slot : slots_) {
        if (slot.backlog == 0 || !slot.sensor.driver->can_wait()) continue;
        backlogs.push_back({.sensor = slot.sensor.name, .readings = slot.backlog});
    }
    return backlogs;
}

void Sampler::accept(Slot& slot, const drivers::Harvest& harvest, Instant now) {
    for (const auto& measurement : harvest.measurements) accept(slot, measurement, now);
    for (const auto& failure : harvest.failures) accept(slot, failure, now);
    if (harvest.position) accept_position(slot, *harvest.position);
    if (!harvest.finished) return;
    slot.finished = true;
    base::log_info("the source has ended", {{"sensor", slot.sensor.name}});
}

/// A position is committed with its readings: none of them, and none that failed, may wait for the
/// end of a span.
void Sampler::accept_position(const Slot& slot, const std::string& position) {
    positions_[slot.sensor.name] = position;
    for (const auto series : series_.of_sensor(slot.number)) aggregator_.close(series);
    failures_.close(slot.sensor.name);
}

template <class Received>
Stamp Sampler::stamp_of(const Received& received, Instant now) const {
    if (received.source_time) return timeline_.stamp(*received.source_time);
    return timeline_.stamp(std::min(received.taken, now));
}

void Sampler::accept(Slot& slot, const drivers::Measurement& measurement, Instant now) {
    const auto series = series_.find(slot.number, measurement.quantity);
    if (!series) return refuse(slot, "unknown quantity", measurement, now);
    if (const auto* reason = unusable(measurement.value); reason != nullptr) {
        return refuse(slot, reason, measurement, now);
    }
    const auto stamp = stamp_of(measurement, now);
    if (!is_in_range(stamp.at)) return refuse(slot, "time out of range", measurement, now);
    const auto verdict = judge(slot, *series, measurement, now);
    if (verdict != Filter::Verdict::passed && verdict != Filter::Verdict::suppressed) return;
    show(slot, *series, measurement, stamp, now);
    if (verdict == Filter::Verdict::suppressed) return;
    keep({.series = *series,
          .at_ms = base::to_milliseconds(stamp.at),
          .value = measurement.value,
          .clock = stamp.clock,
          .since_boot = stamp.since_boot,
          .epoch = stamp.epoch});
    slot.readings->add();
}

/// Counts what does not pass.
Filter::Verdict Sampler::judge(const Slot& slot, std::size_t series,
                               const drivers::Measurement& measurement, Instant now) {
    const auto taken = measurement.source_time ? measurement.source_time->time_since_epoch()
                                               : measurement.taken.time_since_epoch();
    const auto verdict = series_.filter(series).judge(measurement.value, taken);
    if (verdict == Filter::Verdict::out_of_range) refuse(slot, "out of range", measurement, now);
    if (verdict == Filter::Verdict::step) refuse(slot, "step not confirmed", measurement, now);
    if (verdict == Filter::Verdict::suppressed) {
        counters_
            .counter("leat_agent_readings_suppressed_total",
                     "Readings within the deadband of the last recorded one.",
                     {{"sensor", slot.sensor.name}})
            .add();
    }
    return verdict;
}

void Sampler::show(const Slot& slot, std::size_t series, const drivers::Measurement& measurement,
                   const Stamp& stamp, Instant now) {
    const auto& latest = series_.update(series, measurement.value, stamp);
    if (listener_ == nullptr) return;
    listener_->on_reading(slot.sensor.name, latest,
                          measurement.source_time ? now : measurement.taken);
}

void Sampler::keep(const delivery::PendingReading& reading) {
    const auto& filter = series_.filter(reading.series).options();
    if (filter.is_partial()) {
        aggregator_.add(reading, filter.span);
    } else {
        pending_.push_back(reading);
    }
    urgent_ |= filter.urgent.value_or(false);
    series_.count_change();
}

void Sampler::refuse(const Slot& slot, const char* reason, const drivers::Measurement& measurement,
                     Instant now) {
    counters_
        .counter("leat_agent_readings_refused_total", "Measurements that cannot be recorded.",
                 {{"sensor", slot.sensor.name}, {"reason", reason}})
        .add();
    accept(slot,
           drivers::Failure{.reason = reason,
                            .taken = measurement.taken,
                            .edges_us = {},
                            .source_time = measurement.source_time,
                            .quantities = {measurement.quantity}},
           now);
}

void Sampler::accept(const Slot& slot, const drivers::Failure& failure, Instant now) {
    const auto& name = slot.sensor.name;
    const auto stamp = stamp_of(failure, now);
    count(slot, failure, stamp);
    auto fault = fault_of(name, failure, stamp);
    if (listener_ != nullptr) {
        listener_->on_fault(name, fault.reason, failure.source_time ? now : failure.taken);
    }
    faults_.add(std::move(fault), failure.readings, now);
}

/// A failure counts against the series that failed. While a sensor has none yet, it counts against
/// those that the centre knows it by.
void Sampler::count(const Slot& slot, const drivers::Failure& failure, const Stamp& stamp) {
    if (failure.readings == 0) return;
    const auto& reason = failure.cause.empty() ? failure.reason : failure.cause;
    std::vector<std::string> failed;
    for (const auto quantity : failure.quantities) {
        if (const auto series = series_.find(slot.number, quantity)) {
            failed.push_back(series_.names()[*series]);
        }
    }
    if (failure.quantities.empty()) {
        for (const auto series : series_.of_sensor(slot.number)) {
            failed.push_back(series_.names()[series]);
        }
        if (failed.empty()) failed.push_back(slot.sensor.name);
    }
    if (failed.empty() || !is_in_range(stamp.at)) {
        counters_
            .counter("leat_agent_failures_uncounted_total",
                     "Failed readings that are in no window: no series, or no possible time.",
                     {{"sensor", slot.sensor.name}})
            .add(failure.readings);
        return;
    }
    for (const auto& series : failed) failures_.add(series, reason, failure.readings, stamp);
}

delivery::Flush Sampler::take_flush() {
    delivery::Flush flush;
    series_.declare(flush);
    flush.positions = std::exchange(positions_, {});
    timeline_.add_to(flush);
    delivery::add_data_lines(pending_, series_.names(), timeline_.boot(), flush);
    const auto now = timeline_.stamp(clock_.instant());
    aggregator_.close_until(now);
    failures_.close_until(now);
    delivery::add_partial_lines(aggregator_.take(), series_.names(), timeline_.boot(), flush);
    failures_.add_to(flush, timeline_.boot());
    faults_.add_to(flush);
    pending_.clear();
    urgent_ = false;
    return flush;
}

}  // namespace agent
