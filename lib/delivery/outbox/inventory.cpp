#include "delivery/outbox/inventory.hpp"

#include <limits>
#include <numeric>
#include <optional>

#include "base/ensure.hpp"
#include "wire/record.hpp"

namespace delivery {

namespace {

constexpr std::string_view kDeclarationStart = R"({"k":"series")";

constexpr std::uint64_t kOldShare = 4;
constexpr std::int64_t kAgeMs = 6 * 3'600'000;

/// Readings without a time count as the oldest: no clock was set yet when they were taken.
std::int64_t age_of(const Flush::Content& content) {
    return content.has_times() ? content.last_ms / kAgeMs
                               : std::numeric_limits<std::int64_t>::min();
}

std::optional<std::string> declared_in(std::string_view line) {
    if (!line.starts_with(kDeclarationStart)) return std::nullopt;
    auto record = wire::decode_record(line);
    if (!record) return std::nullopt;
    const auto* declaration = std::get_if<wire::SeriesDeclaration>(&record.value().body);
    return declaration == nullptr ? std::nullopt : std::optional{declaration->series};
}

}  // namespace

void Inventory::add(std::uint64_t seq, Detail detail, const Flush::Content& content,
                    std::string_view line) {
    bytes_.at(static_cast<std::size_t>(detail)) += line.size();
    ages_.at(static_cast<std::size_t>(detail))[age_of(content)] += line.size();
    if (auto series = declared_in(line)) declared_[*series] = seq;
}

void Inventory::remove(Detail detail, const Flush::Content& content, std::string_view line) {
    auto& ages = ages_.at(static_cast<std::size_t>(detail));
    const auto age = ages.find(age_of(content));
    ENSURE(age != ages.end() && age->second >= line.size());
    age->second -= line.size();
    if (age->second == 0) ages.erase(age);
    bytes_.at(static_cast<std::size_t>(detail)) -= line.size();
}

bool Inventory::is_old(Detail detail, const Flush::Content& content) const {
    const auto& ages = ages_.at(static_cast<std::size_t>(detail));
    std::uint64_t older = 0;
    for (auto it = ages.begin(); it != ages.end() && it->first < age_of(content); ++it) {
        older += it->second;
        if (older * kOldShare > bytes_.at(static_cast<std::size_t>(detail))) return false;
    }
    return true;
}

std::uint64_t Inventory::bytes() const {
    return std::accumulate(bytes_.begin(), bytes_.end(), std::uint64_t{0});
}

std::uint64_t Inventory::bytes_above(Detail detail) const {
    const auto* end = bytes_.begin() + static_cast<std::size_t>(detail);
    return std::accumulate(bytes_.begin(), end, std::uint64_t{0});
}

bool Inventory::is_superseded(std::uint64_t seq, std::string_view line) const {
    const auto series = declared_in(line);
    if (!series) return false;
    const auto newest = declared_.find(*series);
    return newest != declared_.end() && newest->second > seq;
}

}  // namespace delivery
