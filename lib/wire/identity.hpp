#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wire {

/// 64 random bits, made together with an outbox database: sequence numbers are unique within it.
struct Incarnation {
    std::uint64_t bits = 0;

    friend auto operator<=>(const Incarnation&, const Incarnation&) = default;
};

/// 16 lower-case hexadecimal digits.
std::string to_text(Incarnation incarnation);
std::optional<Incarnation> parse_incarnation(std::string_view text);

/// `[a-z0-9][a-z0-9-]{0,62}`, and none of the reserved words bridge, central, alert.
bool is_node_name(std::string_view text);

/// `sensor.quantity`, both `[a-z0-9][a-z0-9_-]{0,62}`.
bool is_series_name(std::string_view text);

/// The part of a series' name before the dot.
std::string_view sensor_of(std::string_view series);

/// `/house/attic`: at most kLocationLevelsMax names `[a-z0-9][a-z0-9_-]{0,62}`, each after a slash,
/// and kLocationBytesMax in all.
bool is_location(std::string_view text);

/// `[A-Za-z0-9][A-Za-z0-9_.:=-]{0,62}`: "outdoor", "TI-4711", "owner=grid".
bool is_tag(std::string_view text);

/// Tags in ascending order, each once, at most kTagsMax.
bool are_tags(const std::vector<std::string>& tags);

/// FNV-1a, 64 bits (Fowler, Noll and Vo; draft-eastlake-fnv).
std::uint64_t fnv1a64(std::string_view text);

/// The partition whose stream holds a node's records: fnv1a64(node) mod partitions.
std::uint32_t partition_of(std::string_view node, std::uint32_t partitions);

}  // namespace wire
