#pragma once

#include <libpq-fe.h>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace postgres {

// PostgreSQL's numbers of types that leat's columns have; they never change.
constexpr Oid kBool = 16;
constexpr Oid kBytes = 17;
constexpr Oid kInteger = 20;
constexpr Oid kSmallInteger = 21;
constexpr Oid kShortInteger = 23;
constexpr Oid kText = 25;
constexpr Oid kNumber = 701;
constexpr Oid kNumeric = 1700;

/// A bound value, which does not own what it points at.
using Value = std::variant<std::monostate, std::int64_t, double, std::string_view,
                           std::span<const std::uint8_t>>;

/// The type that a value has by itself; 0 for none.
Oid type_of(const Value& value);

/// Appends the value as the server reads that type, in binary. False when it is not of the type.
bool append(std::string& bytes, const Value& value, Oid type);

/// Appends a number, the most significant byte first.
void append_integer(std::string& bytes, std::uint64_t number, std::size_t size);

/// The text as PostgreSQL can keep it: each byte that is no UTF-8, and each zero byte, becomes
/// U+FFFD. So texts that differ in such bytes alone become the same one, also as keys: the second
/// of them finds, or changes, the row of the first. SQLite keeps them apart. What leat writes is
/// UTF-8 without zero bytes; other programs' texts may not be.
std::string readable(std::string_view text);

/// The values of a request, as libpq wants them.
class Parameters {
  public:
    /// `type` is what the server expects.
    void add(const Value& value, Oid type);
    void add_bytes(std::string bytes, Oid type);

    int count() const { return static_cast<int>(sizes_.size()); }
    const Oid* types() const { return types_.data(); }
    const char* const* values() const;
    const int* lengths() const { return sizes_.data(); }
    const int* formats() const { return formats_.data(); }

  private:
    std::vector<std::string> held_;
    std::vector<bool> is_null_;
    std::vector<Oid> types_;
    std::vector<int> sizes_;
    std::vector<int> formats_;
    mutable std::vector<const char*> values_;
};

}  // namespace postgres
