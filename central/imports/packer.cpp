#include "central/imports/packer.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "wire/identity.hpp"
#include "wire/limits.hpp"
#include "wire/record.hpp"

namespace imports {

namespace {

constexpr std::size_t kReadingsMax = 32'768;  // Of one commit,
constexpr std::size_t kLinesMax = 4'096;      // and lines.
constexpr std::size_t kReasonsMax = 5;

/// As a node counts what fails.
constexpr base::Duration kFailedSpan = std::chrono::seconds{10};

bool is_usable(double value) {
    return std::isfinite(value) && std::abs(value) <= wire::kValueMax;
}

}  // namespace

void Packer::add(const std::string& origin, const std::vector<drivers::Quantity>& quantities,
                 const drivers::Harvest& harvest, SeriesIndex& index) {
    for (auto i = index.size(); i < quantities.size(); ++i) {
        index.push_back(series_of(quantities[i]));
    }
    for (const auto& measurement : harvest.measurements) {
        if (is_outside(*measurement.source_time)) {
            ++tally_.outside;
        } else if (const auto series = index.at(measurement.quantity)) {
            add(*series, measurement, origin);
        } else {
            tell("no name of a series", quantities[measurement.quantity].name, 1);
        }
    }
    for (const auto& failure : harvest.failures) add(failure, origin, index);
}

std::optional<std::size_t> Packer::series_of(const drivers::Quantity& quantity) {
    auto name = options_.sensor.empty() ? quantity.name : options_.sensor + "." + quantity.name;
    if (!wire::is_series_name(name)) return std::nullopt;
    const auto [known, is_new] = by_name_.emplace(name, series_.size());
    if (!is_new) return known->second;
    names_.push_back(std::move(name));
    series_.push_back({.quantity = quantity});
    return known->second;
}

bool Packer::is_outside(base::EventTime at) const {
    return (options_.from && at < *options_.from) || (options_.to && at >= *options_.to);
}

void Packer::add(std::size_t series, const drivers::Measurement& measurement,
                 const std::string& origin) {
    begin_minute(*measurement.source_time);
    const auto at_ms = base::to_milliseconds(*measurement.source_time);
    if (!is_usable(measurement.value)) {
        tell("beyond what is measured", origin + ": " + names_[series], 1);
        const auto start = delivery::span_start(*measurement.source_time, kFailedSpan);
        ++failed_[{.start = start, .series = names_[series], .reason = "beyond what is measured"}];
        return;
    }
    auto& last_ms = series_[series].last_ms;
    if (last_ms && at_ms < *last_ms) ++tally_.backwards;
    if (last_ms && at_ms == *last_ms) ++tally_.repeated;
    last_ms = at_ms;
    pending_.push_back({.series = series, .at_ms = at_ms, .value = measurement.value});
    ++tally_.readings;
}

/// A failure counts against the series that failed, or against all of the source.
void Packer::add(const drivers::Failure& failure, const std::string& origin,
                 const SeriesIndex& index) {
    if (failure.readings == 0) return;
    const auto& cause = failure.cause.empty() ? failure.reason : failure.cause;
    if (failure.source_time && is_outside(*failure.source_time)) {
        ++tally_.outside;
        return;
    }
    tell(cause, origin + ", " + failure.reason, failure.readings);
    if (!failure.source_time) return;
    begin_minute(*failure.source_time);
    const auto start = delivery::span_start(*failure.source_time, kFailedSpan);
    const auto count = [&](const std::optional<std::size_t>& series) {
        if (!series) return;
        failed_[{.start = start, .series = names_[*series], .reason = cause}] += failure.readings;
    };
    for (const auto quantity : failure.quantities) count(index.at(quantity));
    if (failure.quantities.empty()) std::for_each(index.begin(), index.end(), count);
}

void Packer::tell(const std::string& cause, const std::string& reason, std::uint64_t readings) {
    tally_.failed += readings;
    tally_.causes[cause] += readings;
    if (tally_.reasons.size() < kReasonsMax) tally_.reasons.push_back(reason);
}

/// What failed comes before the readings of later minutes, as it does from a node that is live:
/// these would close its windows.
void Packer::begin_minute(base::EventTime at) {
    const auto minute = delivery::span_start(at, std::chrono::minutes{1});
    if (minute == minute_) return;
    if (!failed_.empty()) close();
    minute_ = minute;
}

void Packer::close() {
    declare();
    packed_ += pending_.size();
    delivery::add_data_lines(pending_, names_, {}, flush_);
    delivery::add_failed_lines(
        failed_,
        [](base::EventTime start) {
            return wire::Failed{.at = start,
                                .clock = wire::ClockState::synced,
                                .boot = {},
                                .span = kFailedSpan,
                                .columns = {}};
        },
        flush_);
    pending_.clear();
    failed_.clear();
}

bool Packer::is_full() const {
    return packed_ + pending_.size() >= kReadingsMax || flush_.lines.size() >= kLinesMax;
}

void Packer::declare() {
    for (; declared_ < series_.size(); ++declared_) {
        const auto& quantity = series_[declared_].quantity;
        const wire::SeriesDeclaration declaration{
            .series = names_[declared_],
            .quantity = quantity.kind.empty() ? quantity.name : quantity.kind,
            .unit = quantity.unit,
            .driver = options_.kind,
            .least = quantity.least,
            .most = quantity.most,
            .resolution = quantity.resolution,
            .period = options_.period};
        delivery::add_line({.body = declaration, .origin = {}}, std::nullopt, flush_);
    }
}

delivery::Flush Packer::take_flush() {
    close();
    packed_ = 0;
    return std::exchange(flush_, {});
}

}  // namespace imports
