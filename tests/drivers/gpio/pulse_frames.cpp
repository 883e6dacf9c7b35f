#include "drivers/gpio/pulse_frames.hpp"

#include <cmath>

namespace pulse {

drivers::dht::Bytes with_checksum(std::array<std::uint8_t, 4> data) {
    const auto sum = static_cast<std::uint8_t>(data[0] + data[1] + data[2] + data[3]);
    return {data[0], data[1], data[2], data[3], sum};
}

drivers::dht::Bytes random_bytes(drivers::dht::Model model, base::Random& random) {
    const auto byte = [](std::uint64_t value) { return static_cast<std::uint8_t>(value); };
    const bool cold = random.chance(1, 4);
    if (model == drivers::dht::Model::dht11) {
        // Newer parts: bit 7 of the tenths below zero.
        const auto degrees = cold ? random.below(20) : random.below(51);
        return with_checksum({byte(20 + random.below(71)), byte(random.below(10)), byte(degrees),
                              byte(random.below(10) + (cold ? 0x80 : 0))});
    }
    const auto humidity = random.below(1001);
    auto tenths = cold ? 1 + random.below(400) : random.below(801);
    // Below zero by sign and magnitude, or in two's complement as some clones do.
    if (cold) tenths = random.chance(1, 2) ? 0x8000 + tenths : 0x10000 - tenths;
    return with_checksum({byte(humidity / 256), byte(humidity), byte(tenths / 256), byte(tenths)});
}

std::vector<std::int64_t> falls_of(const drivers::dht::Bytes& bytes, const Timing& timing,
                                   base::Random& random, std::size_t extra_bits) {
    double now = 1000;
    std::vector<std::int64_t> falls;
    const auto phase = [&](double us) {
        now += us * (1 + timing.jitter * (2 * random.unit() - 1));
    };
    const auto fall = [&] { falls.push_back(std::llround(now * 1000)); };
    fall();
    phase(timing.response_low);
    phase(timing.response_high);
    for (std::size_t bit = 0; bit < 40 + extra_bits; ++bit) {
        fall();
        const bool one = bit < 40 && (bytes[bit / 8] >> (7 - bit % 8) & 1) != 0;
        phase(timing.bit_low);
        phase(one ? timing.one_high : timing.zero_high);
    }
    fall();
    return falls;
}

}  // namespace pulse
