#include "drivers/replay/content_hash.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

namespace drivers::replay {

namespace {

constexpr std::size_t kChunkBytes = 256 * 1024;

}  // namespace

void ContentHash::add(std::string_view bytes) {
    for (const char c : bytes) {
        value_ = (value_ ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
    }
}

base::Result<std::vector<Prefix>> prefixes_of(const std::string& path,
                                              std::vector<std::uint64_t> lengths) {
    std::sort(lengths.begin(), lengths.end());
    std::ifstream file(path, std::ios::binary);
    const auto unreadable = [&] {
        return base::Error{base::Fault::transient,
                           path + " cannot be read: " + std::strerror(errno)};
    };
    if (!file) return unreadable();
    std::vector<Prefix> prefixes;
    ContentHash hash;
    Prefix prefix;
    std::string chunk(kChunkBytes, '\0');
    for (const auto length : lengths) {
        while (prefix.bytes < length) {
            const auto wanted = std::min<std::uint64_t>(length - prefix.bytes, kChunkBytes);
            file.read(chunk.data(), static_cast<std::streamsize>(wanted));
            const auto got = static_cast<std::size_t>(file.gcount());
            if (file.bad()) return unreadable();  // This is no end of the file.
            if (got == 0) return prefixes;
            const auto bytes = std::string_view{chunk}.substr(0, got);
            hash.add(bytes);
            prefix.bytes += got;
            prefix.lines +=
                static_cast<std::uint64_t>(std::count(bytes.begin(), bytes.end(), '\n'));
        }
        prefix.hash = hash.value();
        prefixes.push_back(prefix);
    }
    return prefixes;
}

}  // namespace drivers::replay
