#include "central/ingest/stream_entry.hpp"

#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>

#include "wire/identity.hpp"
#include "wire/limits.hpp"

namespace ingest {

namespace {

/// Whole and in [0, 2^53); the values on the wire are no larger.
std::optional<std::uint64_t> count_of(std::string_view text) {
    std::uint64_t number = 0;
    const auto* end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, number);
    if (parsed.ec != std::errc{} || parsed.ptr != end) return std::nullopt;
    return number <= wire::kSequenceMax ? std::optional{number} : std::nullopt;
}

bool set_number(std::uint64_t& member, std::string_view text) {
    const auto number = count_of(text);
    if (number) member = *number;
    return number && *number > 0;
}

/// Sets the member of the entry that a field of the stream stands for. False when the value is
/// impossible.
bool set_field(Entry& entry, std::string_view name, const std::string& value) {
    if (name == "line") {
        entry.line = value;
    } else if (name == "seq") {
        return set_number(entry.seq, value);
    } else if (name == "to") {
        return set_number(entry.gap_to, value);
    } else if (name == "h") {
        const auto hash = wire::parse_chain_hash(value);
        if (!hash) return false;
        entry.hash = *hash;
    } else if (name == "node") {
        entry.node = value;
        return wire::is_node_name(value);
    } else if (name == "inc") {
        const auto incarnation = wire::parse_incarnation(value);
        if (!incarnation) return false;
        entry.incarnation = *incarnation;
    } else if (name == "ms") {
        const auto milliseconds = count_of(value);
        if (!milliseconds) return false;
        entry.received = base::from_milliseconds(static_cast<std::int64_t>(*milliseconds));
    }
    return true;
}

}  // namespace

std::optional<Entry> read_entry(const redis::Reply& reply) {
    if (reply.items.size() != 2) return std::nullopt;
    Entry entry;
    entry.id = reply.items[0].text;
    const auto& fields = reply.items[1].items;
    for (std::size_t i = 0; i + 1 < fields.size(); i += 2) {
        if (!set_field(entry, fields[i].text, fields[i + 1].text)) return std::nullopt;
    }
    if (entry.seq == 0 || entry.node.empty()) return std::nullopt;
    if (entry.gap_to != 0 && entry.gap_to < entry.seq) return std::nullopt;
    return entry;
}

}  // namespace ingest
