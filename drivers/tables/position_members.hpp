#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/json.hpp"

namespace drivers::tables {

/// 16 lower-case hexadecimal digits: 64 bits do not fit a JSON number.
std::string bits_text(std::uint64_t bits);

/// Reads the members of a saved position until one is missing or wrong.
class PositionMembers {
  public:
    /// Must outlive it.
    explicit PositionMembers(const base::Json& json) : json_(json) {}

    void read(std::string_view name, std::uint64_t& count);
    void read(std::string_view name, std::int64_t& whole);
    void read(std::string_view name, std::optional<std::int64_t>& whole);
    void read_bits(std::string_view name, std::uint64_t& bits);

    /// Whether nothing was missing or wrong so far.
    bool is_complete() const { return complete_; }

  private:
    const base::Json& json_;
    bool complete_ = true;
};

}  // namespace drivers::tables
