#include "drivers_pulse/pulse_frames.hpp"

#include <cmath>

namespace pulse {

drivers::DhtBytes with_checksum(std::array<std::uint8_t, 4> data) {
    const auto sum = static_cast<std::uint8_t>(data[0] + data[1] + data[2] + data[3]);
    return {data[0], data[1], data[2], data[3], sum};
}

drivers::DhtBytes random_bytes(drivers::DhtModel model, base::Random& random) {
    const auto byte = [](std::uint64_t value) { return static_cast<std::uint8_t>(value); };
    if (model == drivers::DhtModel::dht11) {
        return with_checksum({byte(20 + random.below(71)), byte(random.below(10)),
                              byte(random.below(51)), byte(random.below(10))});
    }
    const auto humidity = random.below(1001);
    const auto cold = random.chance(1, 4);
    const auto tenths = cold ? 0x8000 + random.below(401) : random.below(801);
    return with_checksum({byte(humidity / 256), byte(humidity), byte(tenths / 256), byte(tenths)});
}

std::vector<std::int64_t> falls_of(const drivers::DhtBytes& bytes, const Timing& timing,
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
