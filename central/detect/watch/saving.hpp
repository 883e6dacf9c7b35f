#pragma once

#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

namespace detect {

/// Parts of a saved state, each with its number: the bytes of a value. A number stands for one form
/// of one detector's state: who changes the form takes a new number. Bytes are those of a
/// little-endian machine with 64-bit alignment; what was saved on another one is not found.
class SavedParts {
  public:
    template <class Value>
    static void add(std::string& bytes, std::uint8_t number, const Value& value) {
        static_assert(std::is_trivially_copyable_v<Value>);
        add_bytes(bytes, number, {reinterpret_cast<const char*>(&value), sizeof value});
    }
    static void add_bytes(std::string& bytes, std::uint8_t number, std::string_view part);

    explicit SavedParts(std::string_view bytes) : bytes_(bytes) {}

    /// Nothing when there is no such part.
    std::optional<std::string_view> find(std::uint8_t number) const;

    /// Leaves the value as it is when there is no such part, or one of another size.
    template <class Value>
    bool read(std::uint8_t number, Value& value) const {
        static_assert(std::is_trivially_copyable_v<Value>);
        const auto part = find(number);
        if (!part || part->size() != sizeof value) return false;
        std::memcpy(&value, part->data(), sizeof value);
        return true;
    }

  private:
    std::string_view bytes_;
};

}  // namespace detect
