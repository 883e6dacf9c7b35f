#include "agent/sampling/failure_tally.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/text.hpp"
#include "base/utf8.hpp"

namespace agent {

namespace {

constexpr const char* kOther = "other";

/// The boot is named where something counts from it.
wire::Failed header_of(base::EventTime start, const Stamp& like, const std::string& boot) {
    wire::Failed failed{
        .at = start, .clock = like.clock, .boot = {}, .span = FailureTally::kSpan, .columns = {}};
    if (like.clock == wire::ClockState::boot) failed.boot = boot;
    if (!like.since_boot) return failed;
    // A span may begin before the boot; then there is no time since it.
    const auto since_boot = *like.since_boot - (like.at - start);
    if (since_boot < base::Duration::zero()) return failed;
    failed.boot = boot;
    failed.since_boot = since_boot;
    return failed;
}

bool is_of_sensor(std::string_view series, std::string_view sensor) {
    return series.starts_with(sensor) &&
           (series.size() == sensor.size() || series[sensor.size()] == '.');
}

}  // namespace

FailureTally::Clock FailureTally::clock_of(const Stamp& stamp) {
    return {stamp.clock, stamp.since_boot.has_value(), stamp.epoch};
}

void FailureTally::add(const std::string& series, std::string_view reason, std::uint64_t readings,
                       const Stamp& stamp) {
    auto& group =
        open_.try_emplace(clock_of(stamp), Group{.like = stamp, .counts = {}}).first->second;
    delivery::FailedKey key{.start = delivery::span_start(stamp.at, kSpan),
                            .series = series,
                            .reason = counted_reason(reason)};
    if (has_too_many_reasons(group, key)) key.reason = kOther;
    const auto [count, is_new] = group.counts.try_emplace(std::move(key), 0);
    count->second += readings;
    if (is_new) ++open_count_;
    if (open_count_ > kOpenMax) close_all();
}

/// Whether the key's series has as many others in that span as it may have.
bool FailureTally::has_too_many_reasons(const Group& group, const delivery::FailedKey& key) {
    if (group.counts.contains(key)) return false;
    std::size_t reasons = 0;
    auto known = group.counts.lower_bound({.start = key.start, .series = key.series, .reason = {}});
    while (known != group.counts.end() && known->first.start == key.start &&
           known->first.series == key.series) {
        ++reasons;
        ++known;
    }
    return reasons >= kReasonsMax - 1;
}

template <class Predicate>
void FailureTally::close_if(Predicate is_over) {
    for (auto open = open_.begin(); open != open_.end();) {
        auto& [clock, group] = *open;
        for (auto count = group.counts.begin(); count != group.counts.end();) {
            if (!is_over(group, count->first)) {
                ++count;
                continue;
            }
            auto& closed =
                closed_.try_emplace(clock, Group{.like = group.like, .counts = {}}).first->second;
            const auto [place, is_new] = closed.counts.try_emplace(count->first, 0);
            place->second += count->second;
            if (is_new) ++closed_count_;
            --open_count_;
            count = group.counts.erase(count);
        }
        open = group.counts.empty() ? open_.erase(open) : std::next(open);
    }
}

void FailureTally::close_until(const Stamp& now) {
    const bool is_utc = now.clock != wire::ClockState::boot;
    close_if([&](const Group& group, const delivery::FailedKey& key) {
        const auto& like = group.like;
        const bool by_source = !like.since_boot && like.clock == wire::ClockState::synced;
        const bool comparable = clock_of(like) == clock_of(now) || (by_source && is_utc);
        return !comparable || key.start + kSpan <= now.at;
    });
}

void FailureTally::close(const std::string& sensor) {
    close_if([&](const Group&, const delivery::FailedKey& key) {
        return is_of_sensor(key.series, sensor);
    });
}

void FailureTally::close_all() {
    close_if([](const Group&, const delivery::FailedKey&) { return true; });
}

void FailureTally::add_to(delivery::Flush& flush, const std::string& boot) {
    for (const auto& [clock, group] : closed_) {
        delivery::add_failed_lines(
            group.counts,
            [&, &like = group.like](base::EventTime start) { return header_of(start, like, boot); },
            flush);
    }
    closed_.clear();
    closed_count_ = 0;
}

/// "dht11", of "dht11: no answer": which part failed, at the beginning. Empty when none is named.
std::string_view part_of(std::string_view text) {
    constexpr std::size_t kPartMax = 16;
    const auto name = text.substr(0, text.find(':'));
    const auto is_plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
    const bool is_name = name.size() < text.size() && name.size() <= kPartMax && !name.empty() &&
                         name.front() >= 'a' && std::all_of(name.begin(), name.end(), is_plain);
    return is_name ? name : std::string_view{};
}

std::string counted_reason(std::string_view text) {
    std::string reason{part_of(text)};
    text.remove_prefix(reason.size());
    bool is_quoted = false;
    for (const char letter : base::printable(text)) {
        if (letter == '"') is_quoted = !is_quoted;
        const bool is_digit = letter >= '0' && letter <= '9';
        const bool is_plain = letter != ' ' && letter != '"' && letter != '\\' && !is_digit;
        if (!is_quoted && is_plain) reason += letter;
        // Whatever else stood there leaves one space at most.
        if (!is_plain && letter != '"' && !reason.empty() && reason.back() != ' ') reason += ' ';
    }
    reason = base::shortened(reason, wire::kFailedReasonBytesMax);
    while (!reason.empty() && reason.back() == ' ') reason.pop_back();
    return reason.empty() ? "unknown" : reason;
}

}  // namespace agent
