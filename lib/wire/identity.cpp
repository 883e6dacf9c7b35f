#include "wire/identity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/ensure.hpp"
#include "base/text.hpp"
#include "wire/limits.hpp"

namespace wire {

namespace {

constexpr std::array<std::string_view, 3> kReserved{"bridge", "central", "alert"};

bool is_lower_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool is_name(std::string_view text, std::string_view also) {
    if (text.empty() || text.size() > kNameBytesMax || !is_lower_or_digit(text[0])) return false;
    return std::all_of(text.begin(), text.end(), [&](char c) {
        return is_lower_or_digit(c) || also.find(c) != std::string_view::npos;
    });
}

}  // namespace

std::string to_text(Incarnation incarnation) {
    return fmt::format("{:016x}", incarnation.bits);
}

std::optional<Incarnation> parse_incarnation(std::string_view text) {
    std::array<std::uint8_t, 8> bytes{};
    if (!base::from_hex(text, bytes)) return std::nullopt;
    Incarnation incarnation;
    for (const auto byte : bytes) incarnation.bits = incarnation.bits << 8U | byte;
    return incarnation;
}

bool is_node_name(std::string_view text) {
    return is_name(text, "-") &&
           std::find(kReserved.begin(), kReserved.end(), text) == kReserved.end();
}

bool is_series_name(std::string_view text) {
    const auto dot = text.find('.');
    return dot != std::string_view::npos && is_name(text.substr(0, dot), "_-") &&
           is_name(text.substr(dot + 1), "_-");
}

std::string_view sensor_of(std::string_view series) {
    return series.substr(0, series.find('.'));
}

bool is_location(std::string_view text) {
    if (text.empty() || text.size() > kLocationBytesMax) return false;
    for (std::size_t level = 0; !text.empty(); ++level) {
        if (text.front() != '/' || level == kLocationLevelsMax) return false;
        const auto end = std::min(text.find('/', 1), text.size());
        if (!is_name(text.substr(1, end - 1), "_-")) return false;
        text.remove_prefix(end);
    }
    return true;
}

bool is_tag(std::string_view text) {
    const auto is_plain = [](char c) { return is_lower_or_digit(c) || (c >= 'A' && c <= 'Z'); };
    if (text.empty() || text.size() > kNameBytesMax || !is_plain(text.front())) return false;
    return std::all_of(text.begin(), text.end(), [&](char c) {
        return is_plain(c) || std::string_view{"_.:=-"}.find(c) != std::string_view::npos;
    });
}

bool are_tags(const std::vector<std::string>& tags) {
    const auto is_unordered = [](const auto& a, const auto& b) { return a >= b; };
    return tags.size() <= kTagsMax && std::all_of(tags.begin(), tags.end(), is_tag) &&
           std::adjacent_find(tags.begin(), tags.end(), is_unordered) == tags.end();
}

std::uint64_t fnv1a64(std::string_view text) {
    std::uint64_t hash = 0xcbf29ce484222325U;
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
    return hash;
}

std::uint32_t partition_of(std::string_view node, std::uint32_t partitions) {
    ENSURE(partitions > 0);
    return static_cast<std::uint32_t>(fnv1a64(node) % partitions);
}

}  // namespace wire
