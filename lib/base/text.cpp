#include "base/text.hpp"

namespace base {

std::string_view shortened(std::string_view text, std::size_t bytes_max) {
    if (text.size() <= bytes_max) return text;
    // 10xxxxxx continues a character: go back to where the one that is cut begins. None is longer
    // than four bytes; what looks longer is no UTF-8 and cut anywhere.
    constexpr std::size_t kContinuationsMax = 3;
    const auto continues = [&](std::size_t at) {
        return (static_cast<unsigned char>(text[at]) & 0xc0U) == 0x80U;
    };
    for (auto size = bytes_max; bytes_max - size <= kContinuationsMax; --size) {
        if (!continues(size)) return text.substr(0, size);
        if (size == 0) break;
    }
    return text.substr(0, bytes_max);
}

}  // namespace base
