#include "wire/summary.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "base/random.hpp"

TEST_SUITE("wire/summary") {
    TEST_CASE("merging the parts gives the summary of the whole") {
        base::Random random{7};
        for (int round = 0; round < 200; ++round) {
            wire::Summary whole;
            wire::Summary merged;
            wire::Summary part;
            const auto size = 1 + random.below(50);
            for (std::uint64_t i = 0; i < size; ++i) {
                const double value = random.normal() * 100;
                whole.add(value);
                part.add(value);
                if (random.chance(1, 5)) {
                    merged.append(part);
                    part = {};
                }
            }
            merged.append(part);
            CHECK(merged.count == whole.count);
            CHECK(merged.min == whole.min);
            CHECK(merged.max == whole.max);
            CHECK(merged.first == whole.first);
            CHECK(merged.last == whole.last);
            CHECK(std::abs(merged.sum - whole.sum) <= 1e-12 * (std::abs(whole.sum) + whole.sumsq));
            CHECK(std::abs(merged.sumsq - whole.sumsq) <= 1e-12 * whole.sumsq);
        }
    }

    TEST_CASE("adding nothing changes nothing") {
        wire::Summary summary = wire::Summary::of(-3);
        summary.append({});
        CHECK(summary == wire::Summary::of(-3));
        wire::Summary empty;
        empty.append(wire::Summary::of(-3));
        CHECK(empty == wire::Summary::of(-3));
    }
}
