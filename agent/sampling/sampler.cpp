#include "agent/sampling/sampler.hpp"

#include <algorithm>
#include <cmath>

#include "base/log.hpp"
#include "wire/identity.hpp"
#include "wire/limits.hpp"

namespace agent {

namespace {

using base::Duration;
using base::Instant;

constexpr std::size_t kReasonBytesMax = 120;
constexpr std::size_t kEdgesMax = 200;
constexpr Duration kPhaseMax = std::chrono::seconds{1};

/// The first trigger of a sensor, within a second: sensors of one period do not all act at once.
Duration phase_of(const Sensor& sensor) {
    const auto range = std::min(sensor.period, kPhaseMax).count();
    if (range <= 0) return Duration::zero();
    return Duration{
        static_cast<Duration::rep>(wire::fnv1a64(sensor.name) % static_cast<std::uint64_t>(range))};
}

/// "3 lines missing" and "4 lines missing" are the same trouble.
std::string without_numbers(std::string text) {
    std::erase_if(text, [](char letter) { return letter >= '0' && letter <= '9'; });
    return text;
}

/// Foreign text that is safe in a record: printable ASCII, bounded, not empty.
std::string printable(std::string_view text) {
    std::string result;
    for (const char c : text.substr(0, kReasonBytesMax)) {
        result += c >= ' ' && c <= '~' ? c : '?';
    }
    return result.empty() ? "unknown" : result;
}

std::optional<double> finite(std::optional<double> number) {
    return number && std::isfinite(*number) ? number : std::nullopt;
}

FilterOptions options_of(const Sensor& sensor, const drivers::Quantity& quantity) {
    const auto found = sensor.filters.find(quantity.name);
    auto options = found == sensor.filters.end() ? FilterOptions{} : found->second;
    if (!options.urgent) options.urgent = quantity.urgent && !options.is_partial();
    return options;
}

bool counts_from_boot(const Stamp& stamp) {
    return stamp.clock == wire::ClockState::boot;
}

std::optional<base::EventTime> event_time_of(const wire::SensorFault& fault) {
    return fault.clock == wire::ClockState::boot ? std::nullopt : std::optional{fault.at};
}

bool is_in_range(base::EventTime at) {
    const auto ms = base::to_milliseconds(at);
    return ms >= -kEventTimeMax && ms <= kEventTimeMax;
}

}  // namespace

Sampler::Sampler(SamplerOptions options, std::vector<Sensor> sensors, const base::Clock& clock,
                 const ClockWatch& watch, base::Counters& counters)
    : options_(options), clock_(clock), counters_(counters), timeline_(clock, watch, counters) {
    const auto now = clock_.instant();
    for (auto& sensor : sensors) {
        const Turns turns(sensor.period, now + phase_of(sensor));
        auto& readings = counters_.counter("leat_agent_readings_total", "Readings taken.",
                                           {{"sensor", sensor.name}});
        slots_.push_back({.sensor = std::move(sensor),
                          .turns = turns,
                          .series = {},
                          .filters = {},
                          .last_fault = {},
                          .readings = &readings,
                          .finished = false});
        meet_series(slots_.back());
        tell_unmet_filters(slots_.back());
    }
    if (names_.size() > wire::kSeriesPerNodeMax) {
        base::log_warn("more series than the centre takes by default",
                       {{"series", names_.size()}, {"default", wire::kSeriesPerNodeMax}});
    }
}

bool Sampler::tick(Instant now, bool read_on) {
    timeline_.look(now);
    bool more = false;
    for (auto& slot : slots_) {
        trigger(slot, now);
        more |= collect(slot, now, read_on);
    }
    return more;
}

void Sampler::trigger(Slot& slot, Instant now) {
    auto& driver = *slot.sensor.driver;
    if (slot.turns.take(now, driver.rest())) driver.trigger(now);
}

bool Sampler::ask(std::string_view sensor, Instant now) {
    const auto found = std::find_if(slots_.begin(), slots_.end(),
                                    [&](const Slot& slot) { return slot.sensor.name == sensor; });
    if (found == slots_.end()) return false;
    found->turns.ask(now, found->sensor.driver->rest());
    return true;
}

std::vector<std::string> Sampler::sensors() const {
    std::vector<std::string> names;
    for (const auto& slot : slots_) names.push_back(slot.sensor.name);
    return names;
}

std::size_t Sampler::room_for(const Slot& slot, bool read_on) const {
    const bool waits = slot.sensor.driver->can_wait();
    if (waits && !read_on) return 0;
    const auto most = waits ? options_.readings_max / 2 : options_.readings_max;
    const auto room = most - std::min(pending_.size() + aggregator_.closed(), most);
    // A harvest of fewer than one row of quantities could not even hold one row.
    const auto least = std::max<std::size_t>(slot.sensor.driver->quantities().size(), 1);
    return room < least ? 0 : std::min(room, std::max(options_.collect_max, least));
}

bool Sampler::collect(Slot& slot, Instant now, bool read_on) {
    if (slot.finished) return false;
    const auto room = room_for(slot, read_on);
    if (room == 0) return false;
    const auto harvest = slot.sensor.driver->collect(now, room);
    meet_series(slot);
    for (const auto& measurement : harvest.measurements) take(slot, measurement, now);
    for (const auto& failure : harvest.failures) take(slot, failure, now);
    if (harvest.position) {
        positions_[slot.sensor.name] = *harvest.position;
        // Its place is committed with its readings: none of them may wait for the end of a span.
        for (const auto& series : slot.series) {
            if (series) aggregator_.close(*series);
        }
    }
    if (harvest.finished) {
        slot.finished = true;
        base::log_info("source has ended", {{"sensor", slot.sensor.name}});
    }
    return slot.sensor.driver->can_wait() && 2 * harvest.measurements.size() > room;
}

/// Learns of the series a driver has by now.
void Sampler::meet_series(Slot& slot) {
    const auto& quantities = slot.sensor.driver->quantities();
    for (auto i = slot.series.size(); i < quantities.size(); ++i) {
        slot.filters.emplace_back(options_of(slot.sensor, quantities[i]));
        const auto declared = declaration(slot, i);
        if (!wire::is_series_name(declared.series)) {
            base::log_error("a series name is not usable", {{"series", declared.series}});
            slot.series.emplace_back();
            continue;
        }
        slot.series.emplace_back(names_.size());
        names_.push_back(declared.series);
        latest_.emplace_back();
        declarations_.push_back(declared);
    }
}

/// A mistyped name would filter nothing, silently.
void Sampler::tell_unmet_filters(const Slot& slot) const {
    for (const auto& [name, options] : slot.sensor.filters) {
        const auto& quantities = slot.sensor.driver->quantities();
        if (std::any_of(quantities.begin(), quantities.end(),
                        [&name = name](const auto& quantity) { return quantity.name == name; })) {
            continue;
        }
        std::string known;
        for (const auto& one : quantities) known += (known.empty() ? "" : " ") + one.name;
        base::log_warn("the configuration filters a series that the sensor does not have (yet)",
                       {{"sensor", slot.sensor.name}, {"series", name}, {"known", known}});
    }
}

wire::SeriesDeclaration Sampler::declaration(const Slot& slot, std::size_t quantity) const {
    const auto& measured = slot.sensor.driver->quantities()[quantity];
    wire::SeriesDeclaration result{
        .series = slot.sensor.name + "." + measured.name,
        .quantity = measured.kind.empty() ? measured.name : measured.kind,
        .unit = measured.unit,
        .driver = slot.sensor.kind,
        .least = finite(measured.least),
        .most = finite(measured.most),
        .resolution = finite(measured.resolution),
        .period = {}};
    const auto& filter = slot.filters[quantity].options();
    if (slot.sensor.period > Duration::zero()) result.period = slot.sensor.period;
    // What is suppressed is not missing.
    if (filter.deadband > 0) result.period = std::max(filter.heartbeat, slot.sensor.period);
    return result;
}

template <class Taken>
Stamp Sampler::stamp_of(const Taken& taken, Instant now) const {
    if (taken.source_time) return timeline_.stamp(*taken.source_time);
    return timeline_.stamp(std::min(taken.taken, now));
}

void Sampler::take(Slot& slot, const drivers::Measurement& measurement, Instant now) {
    if (measurement.quantity >= slot.series.size() || !slot.series[measurement.quantity]) {
        return refuse(slot, "unknown quantity", measurement, now);
    }
    if (!(std::abs(measurement.value) <= wire::kValueMax)) {
        const bool is_finite = std::isfinite(measurement.value);
        const auto* reason = is_finite ? "beyond what is measured" : "not a finite number";
        return refuse(slot, reason, measurement, now);
    }
    const auto stamp = stamp_of(measurement, now);
    if (!is_in_range(stamp.at)) return refuse(slot, "time out of range", measurement, now);
    const auto verdict = judge(slot, measurement, now);
    if (verdict != Filter::Verdict::passed && verdict != Filter::Verdict::suppressed) return;
    const auto series = *slot.series[measurement.quantity];
    latest_[series] = {.series = names_[series],
                       .unit = declarations_[series].unit,
                       .value = measurement.value,
                       .at = stamp.at,
                       .boot = counts_from_boot(stamp) ? std::string{stamp.boot} : ""};
    if (listener_ != nullptr) {
        listener_->on_reading(slot.sensor.name, *latest_[series],
                              measurement.source_time ? now : measurement.taken);
    }
    if (verdict == Filter::Verdict::suppressed) return;
    keep({.series = series,
          .at_ms = base::to_milliseconds(stamp.at),
          .value = measurement.value,
          .clock = stamp.clock,
          .since_boot = stamp.since_boot,
          .epoch = stamp.epoch},
         slot.filters[measurement.quantity].options());
    slot.readings->add();
}

void Sampler::keep(const PendingReading& reading, const FilterOptions& filter) {
    if (filter.is_partial()) {
        aggregator_.add(reading, filter.span);
    } else {
        pending_.push_back(reading);
    }
    urgent_ |= filter.urgent.value_or(false);
    ++changes_;
}

/// Counts what does not pass, and tells what is refused.
Filter::Verdict Sampler::judge(Slot& slot, const drivers::Measurement& measurement, Instant now) {
    auto& filter = slot.filters[measurement.quantity];
    const auto taken = measurement.source_time ? measurement.source_time->time_since_epoch()
                                               : measurement.taken.time_since_epoch();
    const auto verdict = filter.take(measurement.value, taken);
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

void Sampler::refuse(Slot& slot, const char* reason, const drivers::Measurement& measurement,
                     Instant now) {
    counters_
        .counter("leat_agent_readings_refused_total", "Measurements that cannot be recorded.",
                 {{"sensor", slot.sensor.name}, {"reason", reason}})
        .add();
    take(
        slot,
        drivers::Failure{
            .reason = reason, .taken = now, .edges_us = {}, .source_time = measurement.source_time},
        now);
}

void Sampler::take(Slot& slot, const drivers::Failure& failure, Instant now) {
    const auto& name = slot.sensor.name;
    const auto reason = printable(failure.reason);
    counters_.counter("leat_agent_faults_total", "Readings that failed.", {{"sensor", name}}).add();
    faults_.push_front(name + ": " + reason);
    if (faults_.size() > options_.faults_kept) faults_.pop_back();
    if (listener_ != nullptr) {
        listener_->on_fault(name, reason, failure.source_time ? now : failure.taken);
    }
    if (slot.last_fault && now - *slot.last_fault < options_.fault_every) {
        counters_
            .counter("leat_agent_faults_held_back_total", "Faults counted without a record.",
                     {{"sensor", name}})
            .add();
        return;
    }
    slot.last_fault = now;
    tell(reason, slot, now);
    record(failure, slot, now);
}

/// What lasts is told once an hour: a sensor that is gone must not fill the log of a small card.
void Sampler::tell(const std::string& reason, Slot& slot, Instant now) const {
    auto told = without_numbers(reason);
    if (slot.fault_told && told == slot.told &&
        now - *slot.fault_told < options_.fault_told_every) {
        return;
    }
    slot.fault_told = now;
    slot.told = std::move(told);
    base::log_warn("a reading failed", {{"sensor", slot.sensor.name}, {"reason", reason}});
}

/// Without bound they would grow while the outbox takes nothing.
void Sampler::record(const drivers::Failure& failure, const Slot& slot, Instant now) {
    const auto& name = slot.sensor.name;
    const auto stamp = stamp_of(failure, now);
    if (pending_faults_.size() >= options_.fault_records_max || !is_in_range(stamp.at)) {
        counters_
            .counter("leat_agent_faults_dropped_total",
                     "Faults without a record: too many wait, or their time is out of range.",
                     {{"sensor", name}})
            .add();
        return;
    }
    wire::SensorFault fault{.at = stamp.at,
                            .clock = stamp.clock,
                            .boot = std::string{stamp.boot},
                            .sensor = name,
                            .reason = printable(failure.reason),
                            .edges_us = {},
                            .since_boot = stamp.since_boot};
    for (const double edge : failure.edges_us) {
        if (fault.edges_us.size() == kEdgesMax) break;
        if (std::isfinite(edge)) fault.edges_us.push_back(edge);
    }
    pending_faults_.push_back(std::move(fault));
}

bool Sampler::full() const {
    return pending_.size() + aggregator_.closed() >= options_.readings_max / 4;
}

Flush Sampler::take_flush() {
    Flush flush;
    declare(flush);
    flush.positions = std::move(positions_);
    timeline_.add_to(flush);
    add_data_lines(pending_, names_, timeline_.boot(), flush);
    const auto now = timeline_.stamp(clock_.instant());
    aggregator_.close_until(now);
    add_partial_lines(aggregator_.take(), names_, timeline_.boot(), flush);
    for (const auto& fault : pending_faults_) {
        add_line({.body = fault, .origin = {}}, event_time_of(fault), flush);
    }
    pending_.clear();
    urgent_ = false;
    pending_faults_.clear();
    positions_.clear();
    return flush;
}

void Sampler::declare(Flush& flush) {
    if (declare_again_) declared_ = 0;
    declare_again_ = false;
    for (; declared_ < declarations_.size(); ++declared_) {
        add_line({.body = declarations_[declared_], .origin = {}}, std::nullopt, flush);
    }
}

std::optional<double> Sampler::latest(std::string_view series) const {
    for (const auto& reading : latest_) {
        if (reading && reading->series == series) return reading->value;
    }
    return std::nullopt;
}

std::vector<wire::LatestReading> Sampler::latest() const {
    std::vector<wire::LatestReading> readings;
    for (const auto& reading : latest_) {
        if (reading) readings.push_back(*reading);
    }
    return readings;
}

std::vector<wire::SeriesDeclaration> Sampler::shown() const {
    std::vector<wire::SeriesDeclaration> declarations;
    for (std::size_t i = 0; i < latest_.size(); ++i) {
        if (latest_[i]) declarations.push_back(declarations_[i]);
    }
    return declarations;
}

}  // namespace agent
