// Goal: the decoder reads every frame with the jitter that sensors have, and refuses what is
// broken. Method: frames made by rule with seeded chance, then damaged in one way at a rate; each
// outcome is right, none or wrong. A wrong value gets past an 8-bit checksum and must be plausible
// too. Reproduce: SEED=n runs the same frames again; the seed and the rates are printed.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <functional>

#include "drivers/dht/decode.hpp"
#include "drivers_pulse/pulse_frames.hpp"

using drivers::DhtModel;

namespace {

using Falls = std::vector<std::int64_t>;

std::uint64_t seed() {
    const char* text = std::getenv("SEED");
    return text == nullptr ? 20260101 : std::strtoull(text, nullptr, 10);
}

struct Outcomes {
    int right = 0;
    int none = 0;
    int wrong = 0;
};

struct Sensor {
    const char* name;
    DhtModel model;
    pulse::Timing timing;
    std::size_t extra_bits;
};

const Sensor kSensors[] = {{"dht11", DhtModel::dht11, pulse::kDht11, 0},
                           {"dht22", DhtModel::dht22, pulse::kDht11, 0},
                           {"am2301", DhtModel::dht22, pulse::kAm2301, 24}};

using Damage = std::function<void(Falls&, base::Random&)>;

Outcomes run(const Sensor& sensor, double jitter, int frames, const Damage& damage) {
    base::Random random(seed());
    auto timing = sensor.timing;
    timing.jitter = jitter;
    Outcomes outcomes;
    for (int i = 0; i < frames; ++i) {
        const auto bytes = pulse::random_bytes(sensor.model, random);
        auto falls = pulse::falls_of(bytes, timing, random, sensor.extra_bits);
        damage(falls, random);
        const auto climate = drivers::decode_dht_falls(sensor.model, falls);
        if (!climate) {
            ++outcomes.none;
        } else if (climate.value() == *plausible_climate(sensor.model, bytes)) {
            ++outcomes.right;
        } else {
            ++outcomes.wrong;
        }
    }
    return outcomes;
}

void undamaged(Falls&, base::Random&) {}

/// The thread that numbers edges wakes too late, and the earlier of two is gone.
Damage lost(std::uint64_t in_1000) {
    return [=](Falls& falls, base::Random& random) {
        std::erase_if(falls, [&](std::int64_t) { return random.chance(in_1000, 1000); });
    };
}

/// An edge gets a time up to 40 µs too late.
Damage late(std::uint64_t in_1000) {
    return [=](Falls& falls, base::Random& random) {
        for (auto& fall : falls) {
            if (random.chance(in_1000, 1000))
                fall += static_cast<std::int64_t>(random.below(40'000));
        }
        std::sort(falls.begin(), falls.end());
    };
}

/// A disturbance makes edges of its own.
Damage extra(std::uint64_t in_1000) {
    return [=](Falls& falls, base::Random& random) {
        const Falls before = falls;
        for (std::size_t i = 1; i < before.size(); ++i) {
            if (!random.chance(in_1000, 1000)) continue;
            const auto gap = static_cast<std::uint64_t>(before[i] - before[i - 1]);
            falls.push_back(before[i - 1] + static_cast<std::int64_t>(random.below(gap)));
        }
        std::sort(falls.begin(), falls.end());
    };
}

Damage first_lost(std::size_t edges) {
    return [=](Falls& falls, base::Random&) {
        falls.erase(falls.begin(), falls.begin() + static_cast<std::ptrdiff_t>(edges));
    };
}

std::string reason(DhtModel model, const Falls& falls) {
    const auto climate = drivers::decode_dht_falls(model, falls);
    return climate ? "" : climate.error().detail;
}

Falls good_frame() {
    base::Random random(7);
    return pulse::falls_of(pulse::with_checksum({45, 0, 23, 4}), pulse::kDht11, random);
}

}  // namespace

TEST_CASE("500 frames of each sensor are read at 0, 5, 10 and 15 percent jitter") {
    for (const auto& sensor : kSensors) {
        for (const double jitter : {0.0, 0.05, 0.10, 0.15}) {
            CAPTURE(std::string{sensor.name});
            CAPTURE(jitter);
            CHECK(run(sensor, jitter, 500, undamaged).right == 500);
        }
    }
}

TEST_CASE("frames whose first edges were missed are read") {
    for (const auto& sensor : kSensors) {
        // Bits that are known to be 0 may be missing: one of a DHT11, two of a DHT22.
        const std::size_t mendable = sensor.model == DhtModel::dht11 ? 2 : 3;
        for (std::size_t edges = 1; edges <= mendable; ++edges) {
            CAPTURE(std::string{sensor.name});
            CAPTURE(edges);
            const auto outcomes = run(sensor, 0.05, 500, first_lost(edges));
            // Where nothing tells how many are missing, some fit with one more and one less:
            // doubled bytes have a doubled checksum.
            CHECK(outcomes.right >= (sensor.extra_bits > 0 ? 480 : 495));
            CHECK(outcomes.wrong == 0);
        }
    }
}

TEST_CASE("damaged frames give a wrong value more rarely than the checksum alone would let by") {
    constexpr int kFrames = 20'000;
    const std::pair<const char*, Damage> damages[] = {
        {"lost 0.2 %", lost(2)}, {"lost 1 %", lost(10)}, {"lost 5 %", lost(50)},
        {"late 1 %", late(10)},  {"late 5 %", late(50)}, {"extra 1 %", extra(10)},
        {"extra 5 %", extra(50)}};
    fmt::print("seed {}, {} frames each, jitter 5 %\n", seed(), kFrames);
    fmt::print("{:8} {:10} {:>8} {:>8} {:>8}\n", "sensor", "damage", "right", "none", "wrong");
    for (const auto& sensor : kSensors) {
        for (const auto& row : damages) {
            const std::string name = row.first;
            const auto outcomes = run(sensor, 0.05, kFrames, row.second);
            fmt::print("{:8} {:10} {:7.2f}% {:7.2f}% {:7.3f}%\n", sensor.name, name,
                       outcomes.right * 100.0 / kFrames, outcomes.none * 100.0 / kFrames,
                       outcomes.wrong * 100.0 / kFrames);
            CAPTURE(std::string{sensor.name});
            CAPTURE(name);
            CHECK(outcomes.none > 0);  // The damage really happened.
            CHECK(outcomes.wrong <= kFrames / 256);
        }
    }
}

TEST_CASE("20 and 30 percent jitter gives fewer readings, and wrong ones as rarely as chance") {
    fmt::print("{:8} {:10} {:>8} {:>8} {:>8}\n", "sensor", "jitter", "right", "none", "wrong");
    for (const auto& sensor : kSensors) {
        for (const double jitter : {0.20, 0.30}) {
            const auto outcomes = run(sensor, jitter, 5000, undamaged);
            fmt::print("{:8} {:9.0f}% {:7.2f}% {:7.2f}% {:7.3f}%\n", sensor.name, jitter * 100,
                       outcomes.right / 50.0, outcomes.none / 50.0, outcomes.wrong / 50.0);
            CHECK(outcomes.wrong <= 5000 / 100);
        }
    }
}

TEST_CASE("any single flipped bit of a frame is refused") {
    base::Random random(seed());
    for (const auto& sensor : kSensors) {
        for (int frame = 0; frame < 50; ++frame) {
            const auto bytes = pulse::random_bytes(sensor.model, random);
            for (std::size_t bit = 0; bit < 40; ++bit) {
                auto flipped = bytes;
                flipped[bit / 8] = static_cast<std::uint8_t>(flipped[bit / 8] ^ (128U >> bit % 8));
                const auto falls =
                    pulse::falls_of(flipped, sensor.timing, random, sensor.extra_bits);
                CAPTURE(std::string{sensor.name});
                CAPTURE(bit);
                CHECK(reason(sensor.model, falls) == "checksum");
            }
        }
    }
}

TEST_CASE("each way to fail has its reason") {
    const auto good = good_frame();
    REQUIRE(reason(DhtModel::dht11, good) == "");
    CHECK(reason(DhtModel::dht11, {}) == "no response");
    CHECK(reason(DhtModel::dht11, Falls(good.begin(), good.begin() + 1)) == "short frame");
    CHECK(reason(DhtModel::dht11, Falls(good.begin(), good.end() - 2)) == "short frame");
    CHECK(reason(DhtModel::dht22, good) == "implausible");

    auto split = good;
    split.insert(split.begin() + 20, split[19] + 30'000);
    CHECK(reason(DhtModel::dht11, split) == "bad pulse");

    base::Random random(7);
    const auto zeros = pulse::falls_of({}, pulse::kDht11, random);
    CHECK(reason(DhtModel::dht11, zeros) == "implausible");
    CHECK(reason(DhtModel::dht22, zeros) == "implausible");
}

TEST_CASE("a frame that two alignments could explain is refused") {
    // 63 bits: a DHT22's 64 without the first 0, or 63 of an AM2301 whose last edge was lost. Of
    // random frames, some pass the checksum both ways.
    base::Random random(seed());
    int both_ways = 0;
    for (int i = 0; i < 20'000; ++i) {
        const auto bytes = pulse::random_bytes(DhtModel::dht22, random);
        drivers::DhtBytes shifted{};
        for (std::size_t byte = 0; byte < 5; ++byte) {
            const unsigned carry = byte < 4 ? bytes[byte + 1] >> 7 : 0;
            shifted[byte] = static_cast<std::uint8_t>(bytes[byte] * 2U + carry);
        }
        if (!drivers::checksum_holds(shifted)) continue;
        if (!plausible_climate(DhtModel::dht22, shifted)) continue;
        ++both_ways;
        auto falls = pulse::falls_of(bytes, pulse::kAm2301, random, 24);
        first_lost(2)(falls, random);
        CHECK(reason(DhtModel::dht22, falls) == "ambiguous");
    }
    CHECK(both_ways > 0);
}
