#include "agent/inventory.hpp"

#include <numeric>
#include <optional>

#include "base/ensure.hpp"
#include "wire/record.hpp"

namespace agent {

namespace {

constexpr std::string_view kDeclarationStart = R"({"k":"series")";

std::optional<std::string> declared_in(std::string_view line) {
    if (!line.starts_with(kDeclarationStart)) return std::nullopt;
    auto record = wire::decode_record(line);
    if (!record) return std::nullopt;
    const auto* declaration = std::get_if<wire::SeriesDeclaration>(&record.value().body);
    return declaration == nullptr ? std::nullopt : std::optional{declaration->series};
}

}  // namespace

void Inventory::add(std::uint64_t seq, Detail detail, std::string_view line) {
    bytes_.at(static_cast<std::size_t>(detail)) += line.size();
    if (auto series = declared_in(line)) declared_[*series] = seq;
}

void Inventory::remove(Detail detail, std::string_view line) {
    auto& bytes = bytes_.at(static_cast<std::size_t>(detail));
    ENSURE(bytes >= line.size());
    bytes -= line.size();
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

}  // namespace agent
