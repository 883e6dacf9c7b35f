// Goal: no bytes in a CSV file stop the agent, and a restart stays exact on all of them.
// Method: random bytes from an alphabet in which every letter has a meaning, read in one go and
// again from each position; the seed is in the failure message.

#include <doctest/doctest.h>

#include "base/random.hpp"
#include "drivers/replay/fixture.hpp"

using replay_test::Replay;

namespace {

std::string random_content(base::Random& random) {
    const std::string letters = "0123456789,,,\"\"\n\n\r.-eN A\xff";
    std::string content = random.chance(4, 5) ? "t,a,b\n1,2,3\n" : "";
    const auto length = random.below(300);
    for (std::uint64_t i = 0; i < length; ++i) {
        content += random.chance(1, 12) ? "5,6,7\n"
                                        : std::string(1, letters[random.below(letters.size())]);
    }
    return content;
}

}  // namespace

TEST_CASE("random bytes as CSV end, fail with a reason, or are read the same after a restart") {
    std::size_t readable = 0;
    std::size_t restarts = 0;
    for (std::uint64_t seed = 0; seed < 400; ++seed) {
        CAPTURE(seed);
        base::Random random(seed);
        const Replay replay(random_content(random));
        if (!replay.make()) continue;
        ++readable;
        const auto whole = replay.take();
        REQUIRE(whole.finished);
        std::size_t before = 0;
        for (std::size_t i = 0; i < whole.positions.size(); ++i) {
            before += whole.sizes.at(i);
            const auto rest = replay.take(whole.positions[i]);
            CHECK(before + rest.values.size() == whole.values.size());
            ++restarts;
        }
        for (const auto& failure : whole.failures) {
            CHECK(failure.size() <= 256);
            for (const char c : failure) CHECK((c >= ' ' && c <= '~'));
        }
    }
    CHECK(readable > 100);
    CHECK(restarts > 500);
}
