#include "wire/sketch.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/random.hpp"

namespace {

/// Values of both signs over some ten orders of magnitude, with zeros.
double some_value(base::Random& random) {
    if (random.chance(1, 20)) return 0;
    const double magnitude = std::pow(10.0, 2 * random.normal());
    return random.chance(1, 3) ? -magnitude : magnitude;
}

wire::Sketch sketch_of(const std::vector<double>& values) {
    wire::Sketch sketch;
    for (const double value : values) sketch.add(value);
    return sketch;
}

}  // namespace

TEST_SUITE("wire/sketch") {
    TEST_CASE("every quantile is within 1 % of the reading with that rank") {
        base::Random random{3};
        std::vector<double> values;
        for (int i = 0; i < 5000; ++i) values.push_back(some_value(random));
        const auto sketch = sketch_of(values);
        std::sort(values.begin(), values.end());
        for (std::size_t rank = 0; rank < values.size(); ++rank) {
            const auto q = static_cast<double>(rank) / static_cast<double>(values.size() - 1);
            const auto place =
                static_cast<std::size_t>(std::floor(q * static_cast<double>(values.size() - 1)));
            const auto error = std::abs(sketch.quantile(q) - values[place]);
            CHECK(error <=
                  wire::Sketch::kRelativeError * std::abs(values[place]) + wire::Sketch::kZeroMax);
        }
    }

    TEST_CASE("a single value is estimated within 1 %, whatever its size") {
        for (int exponent = -29; exponent <= 1023; ++exponent) {
            for (const double s : {1.0, 1.01, 1.3333, 1.6666, 1.999999}) {
                const double value = std::ldexp(s, exponent);
                CHECK(std::abs(sketch_of({value}).quantile(0.5) / value - 1) < 0.01);
                CHECK(sketch_of({-value}).quantile(0.5) == -sketch_of({value}).quantile(0.5));
            }
        }
    }

    TEST_CASE("the merged sketches of the parts have the buckets of the whole") {
        base::Random random{5};
        for (int round = 0; round < 100; ++round) {
            wire::Sketch whole;
            std::vector<wire::Sketch> parts(1 + random.below(8));
            const auto size = random.below(400);
            for (std::uint64_t i = 0; i < size; ++i) {
                // Some so far apart that the lowest buckets collapse.
                const double value =
                    random.chance(1, 4) ? std::pow(10.0, 40 * random.normal()) : some_value(random);
                whole.add(value);
                parts[random.below(parts.size())].add(value);
            }
            wire::Sketch merged;
            while (!parts.empty()) {
                const auto next = random.below(parts.size());
                merged.merge(parts[next]);
                parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(next));
            }
            CHECK(merged == whole);
            CHECK(merged.count() == size);
        }
    }

    TEST_CASE("it never has more buckets than it may") {
        wire::Sketch sketch;
        for (int exponent = -29; exponent < 1000; ++exponent) {
            for (int i = 0; i < 40; ++i) sketch.add(std::ldexp(1 + i / 40.0, exponent));
        }
        const auto text = sketch.encode();
        CHECK(std::count(text.begin(), text.end(), ',') < wire::Sketch::kBucketsMax);
        CHECK(sketch.count() == 1029 * 40);
        CHECK(std::abs(sketch.quantile(1) / std::ldexp(1 + 39 / 40.0, 999) - 1) < 0.01);
    }

    TEST_CASE("what encode() writes is read back") {
        base::Random random{9};
        for (int round = 0; round < 200; ++round) {
            wire::Sketch sketch;
            const auto size = random.below(30);
            for (std::uint64_t i = 0; i < size; ++i) sketch.add(some_value(random));
            const auto again = wire::Sketch::decode(sketch.encode());
            REQUIRE(again);
            CHECK(again.value() == sketch);
        }
    }

    TEST_CASE("the text is the documented one") {
        CHECK(sketch_of({}).encode() == "");
        CHECK(sketch_of({1}).encode() == "0");
        CHECK(sketch_of({1, 1, 2}).encode() == "0:2,35");
        CHECK(sketch_of({23.4, 23.5}).encode() == "159:2");
        CHECK(sketch_of({0.5}).encode() == "-35");
        CHECK(sketch_of({-1, 0, 0}).encode() == "|0|2");
        CHECK(sketch_of({0}).encode() == "||1");
    }

    TEST_CASE("a text that encode() does not write is refused") {
        for (const auto* text : {"|",
                                 "0:2|",
                                 "a",
                                 "0:",
                                 "0:0",
                                 "0:1",
                                 "0:-1",
                                 "00",
                                 "+1",
                                 "1,0",
                                 "1,-3",
                                 "1,,2",
                                 "1,",
                                 ",1",
                                 " 1",
                                 "0,2048",
                                 "99999999999999999999",
                                 "0:99999999999999999999",
                                 "||0",
                                 "||x",
                                 "||1|",
                                 "40000",
                                 "0:9007199254740992",
                                 "1e3",
                                 "-0"}) {
            CAPTURE(text);
            CHECK(!wire::Sketch::decode(text));
        }
    }
}
