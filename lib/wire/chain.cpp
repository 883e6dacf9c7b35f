#include "wire/chain.hpp"

#include <openssl/hmac.h>
#include <openssl/sha.h>

#include <algorithm>
#include <climits>

#include "base/ensure.hpp"
#include "base/text.hpp"

namespace wire {

std::string to_text(const ChainHash& hash) {
    return base::to_hex(hash.bytes);
}

std::optional<ChainHash> parse_chain_hash(std::string_view text) {
    ChainHash hash;
    if (!base::from_hex(text, hash.bytes)) return std::nullopt;
    return hash;
}

ChainHash Chain::start(std::string_view node, Incarnation incarnation) const {
    std::string bytes{node};
    bytes += to_text(incarnation);
    return digest(bytes);
}

ChainHash Chain::next(const ChainHash& before, std::uint64_t seq, std::string_view line) const {
    std::string bytes;
    bytes.reserve(before.bytes.size() + sizeof seq + line.size());
    for (const auto byte : before.bytes) bytes += static_cast<char>(byte);
    for (unsigned shift = 64; shift > 0; shift -= 8) {
        bytes += static_cast<char>(seq >> (shift - 8) & 0xffU);
    }
    bytes += line;
    return digest(bytes);
}

ChainHash Chain::digest(std::string_view bytes) const {
    std::array<unsigned char, SHA256_DIGEST_LENGTH> full{};
    const auto* data = static_cast<const unsigned char*>(static_cast<const void*>(bytes.data()));
    if (key_.empty()) {
        ENSURE(SHA256(data, bytes.size(), full.data()) != nullptr);
    } else {
        ENSURE(key_.size() <= INT_MAX);
        ENSURE(HMAC(EVP_sha256(), key_.data(), static_cast<int>(key_.size()), data, bytes.size(),
                    full.data(), nullptr) != nullptr);
    }
    ChainHash hash;
    std::copy_n(full.begin(), hash.bytes.size(), hash.bytes.begin());
    return hash;
}

}  // namespace wire
