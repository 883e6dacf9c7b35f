#include "drivers/tables/position_members.hpp"

#include <array>
#include <cmath>

#include "base/text.hpp"

namespace drivers::tables {

namespace {

using Bytes = std::array<std::uint8_t, 8>;

}  // namespace

std::string bits_text(std::uint64_t bits) {
    Bytes bytes{};
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        bytes.at(i) = static_cast<std::uint8_t>(bits >> (56 - 8 * i));
    }
    return base::to_hex(bytes);
}

void PositionMembers::read(std::string_view name, std::uint64_t& count) {
    const auto* member = json_.find(name);
    if (member != nullptr && member->is_count()) {
        count = member->count();
    } else {
        complete_ = false;
    }
}

void PositionMembers::read(std::string_view name, std::int64_t& whole) {
    const auto* member = json_.find(name);
    if (member != nullptr && member->is_number() && std::abs(member->number) < 0x1p53 &&
        std::trunc(member->number) == member->number) {
        whole = static_cast<std::int64_t>(member->number);
    } else {
        complete_ = false;
    }
}

void PositionMembers::read(std::string_view name, std::optional<std::int64_t>& whole) {
    if (json_.find(name) != nullptr) read(name, whole.emplace());
}

void PositionMembers::read_bits(std::string_view name, std::uint64_t& bits) {
    const auto* member = json_.find(name);
    Bytes bytes{};
    if (member == nullptr || !member->is_string() || !base::from_hex(member->string, bytes)) {
        complete_ = false;
    }
    bits = 0;
    for (const auto byte : bytes) bits = bits << 8U | byte;
}

}  // namespace drivers::tables
