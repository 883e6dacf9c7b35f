#include "central/detect/watch/saving.hpp"

namespace detect {

namespace {

constexpr std::size_t kHeader = 1 + sizeof(std::uint32_t);  // Number and size.

}  // namespace

void SavedParts::add_bytes(std::string& bytes, std::uint8_t number, std::string_view part) {
    const auto size = static_cast<std::uint32_t>(part.size());
    bytes += static_cast<char>(number);
    bytes.append(reinterpret_cast<const char*>(&size), sizeof size);
    bytes += part;
}

std::optional<std::string_view> SavedParts::find(std::uint8_t number) const {
    auto rest = bytes_;
    while (rest.size() >= kHeader) {
        std::uint32_t size = 0;
        std::memcpy(&size, rest.data() + 1, sizeof size);
        if (rest.size() - kHeader < size) return std::nullopt;
        if (static_cast<std::uint8_t>(rest.front()) == number) return rest.substr(kHeader, size);
        rest.remove_prefix(kHeader + size);
    }
    return std::nullopt;
}

}  // namespace detect
