#include "agent/sampling/fault_book.hpp"

#include <cmath>

#include "base/log.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "delivery/records/record_lines.hpp"

namespace agent {

namespace {

using base::Instant;

constexpr std::size_t kReasonBytesMax = 192;
constexpr std::size_t kEdgesMax = 200;

std::string reason_of(std::string_view text) {
    if (text.empty()) return "unknown";
    return std::string{base::shortened(base::printable(text), kReasonBytesMax)};
}

std::vector<double> finite(const std::vector<double>& edges_us) {
    std::vector<double> result;
    for (const double edge : edges_us) {
        if (result.size() == kEdgesMax) break;
        if (std::isfinite(edge)) result.push_back(edge);
    }
    return result;
}

std::string text_of(const wire::SensorFault& fault) {
    return fault.sensor + ": " + fault.reason;
}

/// "3 lines missing" and "4 lines missing" are the same trouble.
std::string without_digits(std::string text) {
    std::erase_if(text, [](char letter) { return letter >= '0' && letter <= '9'; });
    return text;
}

std::optional<base::EventTime> event_time_of(const wire::SensorFault& fault) {
    return fault.clock == wire::ClockState::boot ? std::nullopt : std::optional{fault.at};
}

}  // namespace

void FaultBook::add(wire::SensorFault fault, std::uint64_t readings, Instant now) {
    count("leat_agent_faults_total", "Readings that failed.", fault.sensor, readings);
    keep_for_status(fault);
    auto& book = book_of(fault.sensor);
    if (book.recorded && now - *book.recorded < options_.record_every) {
        return count("leat_agent_faults_held_back_total", "Faults counted without a record.",
                     fault.sensor);
    }
    book.recorded = now;
    report(fault, book, now);
    record(std::move(fault));
}

FaultBook::SensorBook& FaultBook::book_of(const std::string& sensor) {
    return books_
        .try_emplace(sensor,
                     SensorBook{.recorded = {}, .reminder = base::Reminder{options_.report_every}})
        .first->second;
}

void FaultBook::keep_for_status(const wire::SensorFault& fault) {
    newest_.push_front(text_of(fault));
    if (newest_.size() > options_.newest_max) newest_.pop_back();
}

/// A sensor that is gone for days must not fill the log of a small card.
void FaultBook::report(const wire::SensorFault& fault, SensorBook& book, Instant now) const {
    if (!book.reminder.is_due(without_digits(text_of(fault)), now)) return;
    base::log_warn("a reading failed", {{"sensor", fault.sensor}, {"reason", fault.reason}});
}

void FaultBook::record(wire::SensorFault fault) {
    if (pending_.size() >= options_.records_max || !is_in_range(fault.at)) {
        return count("leat_agent_faults_dropped_total",
                     "Faults without a record: too many wait, or their time is out of range.",
                     fault.sensor);
    }
    pending_.push_back(std::move(fault));
}

void FaultBook::add_to(delivery::Flush& flush) {
    for (const auto& fault : pending_) {
        delivery::add_line({.body = fault, .origin = {}}, event_time_of(fault), flush);
    }
    pending_.clear();
}

void FaultBook::count(const char* counter, const char* help, const std::string& sensor,
                      std::uint64_t amount) const {
    counters_.counter(counter, help, {{"sensor", sensor}}).add(amount);
}

wire::SensorFault fault_of(const std::string& sensor, const drivers::Failure& failure,
                           const Stamp& stamp) {
    return {.at = stamp.at,
            .clock = stamp.clock,
            .boot = std::string{stamp.boot},
            .sensor = sensor,
            .reason = reason_of(failure.reason),
            .edges_us = finite(failure.edges_us),
            .since_boot = stamp.since_boot};
}

}  // namespace agent
