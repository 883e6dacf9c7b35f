#include "broker/size_limits.hpp"

#include <algorithm>

namespace broker {

namespace {

/// What a PUBLISH has besides its topic and payload: the fixed header, two lengths, the packet
/// identifier and the expiry (MQTT 5.0, section 3.3).
constexpr std::size_t kPublishBytes = 16;

}  // namespace

std::size_t SizeLimits::payload_max(const std::string& topic) const {
    if (!packet_max_) return kPayloadMax;
    const std::size_t packet_max = *packet_max_;
    return std::min(kPayloadMax, packet_max - std::min(packet_max, kPublishBytes + topic.size()));
}

void SizeLimits::note_published(std::size_t bytes) {
    largest_ = std::max(largest_, bytes);
}

void SizeLimits::note_too_large(std::size_t bytes) {
    auto known = too_large_.load();
    while (bytes > 0 && (known == 0 || bytes < known)) {
        if (too_large_.compare_exchange_weak(known, bytes)) return;
    }
}

std::optional<std::size_t> SizeLimits::take_too_large() {
    const auto bytes = too_large_.exchange(0);
    return bytes == 0 ? std::nullopt : std::optional{bytes};
}

}  // namespace broker
