#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "wire/identity.hpp"

namespace wire {

/// 128 bits that stand for a whole history: equal values mean equal records up to this one.
struct ChainHash {
    std::array<std::uint8_t, 16> bytes{};

    friend auto operator<=>(const ChainHash&, const ChainHash&) = default;
};

/// 32 lower-case hexadecimal digits.
std::string to_text(const ChainHash& hash);
std::optional<ChainHash> parse_chain_hash(std::string_view text);

/// Computes the chain of one node: the first 128 bits of SHA-256, or of HMAC-SHA-256 (RFC 2104)
/// when a key is given, which then also keeps a stranger from forging acknowledgements.
class Chain {
  public:
    explicit Chain(std::string key = {}) : key_(std::move(key)) {}

    /// h(0) over node ‖ incarnation (16 digits).
    ChainHash start(std::string_view node, Incarnation incarnation) const;

    /// h(seq) over h(seq-1) ‖ seq (8 bytes, big-endian) ‖ line.
    ChainHash next(const ChainHash& before, std::uint64_t seq, std::string_view line) const;

  private:
    ChainHash digest(std::string_view bytes) const;

    std::string key_;
};

/// Where a record was numbered first, if a fork gave it a new number.
struct Origin {
    Incarnation incarnation;
    std::uint64_t seq = 0;
    ChainHash hash;

    friend auto operator<=>(const Origin&, const Origin&) = default;
};

}  // namespace wire
