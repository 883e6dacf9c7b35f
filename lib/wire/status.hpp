#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "wire/record.hpp"

namespace wire {

/// The five states of the Homie convention (homieiot.github.io, version 5, "device lifecycle").
enum class NodeState { init, ready, sleeping, disconnected, lost };

std::string_view to_text(NodeState state);

constexpr std::size_t kStatusCountersMax = 32;

/// What a node says about itself on its retained status topic. The will has nothing but `lost`.
struct NodeStatus {
    NodeState state = NodeState::init;
    std::string version;
    base::Duration uptime{};
    std::uint64_t outbox_records = 0;  // Committed and not yet applied.
    std::uint64_t outbox_bytes = 0;

    /// The bytes that the node has written to its disk since the start, the bytes a day at that
    /// rate, and the days that the card will last. Each is present only if it is known.
    std::optional<std::uint64_t> disk_written;
    std::optional<std::uint64_t> disk_bytes_a_day;
    std::optional<std::uint64_t> disk_days_left;
    std::uint64_t head = 0;     // Highest sequence number committed.
    std::uint64_t durable = 0;  // The marks that the node heard last.
    std::uint64_t applied = 0;
    ClockState clock = ClockState::synced;
    std::vector<std::string> faults;    // The last few, newest first; some may be long over.
    std::vector<std::string> alarms{};  // What is wrong with the node itself, as long as it lasts.

    /// How often the node had to refuse, drop, hold back or repeat something since its start, by
    /// name. Only what is not 0, and at most kStatusCountersMax.
    std::vector<std::pair<std::string, std::uint64_t>> counters{};
    base::EventTime now;

    friend bool operator==(const NodeStatus&, const NodeStatus&) = default;
};

std::string encode_status(const NodeStatus& status);
std::string encode_will();

/// A will decodes to a status without details (the version is empty).
base::Result<NodeStatus> decode_status(std::string_view payload);

/// The newest reading of a series, for the retained state topic.
struct LatestReading {
    std::string series;
    std::string unit;
    double value = 0;
    base::EventTime at;
    std::string boot{};  // If no clock knew UTC: `at` counts from this boot.
};

/// `{"climate.temperature":{"value":23.4,"unit":"Cel","t":1763630000000}, …}`; with a boot,
/// `"boot":"0f6c1d7e","bt":61000` instead of `t`.
std::string encode_state(const std::vector<LatestReading>& readings);

}  // namespace wire
