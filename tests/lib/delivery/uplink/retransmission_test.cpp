#include "delivery/uplink/retransmission.hpp"

#include <doctest/doctest.h>

#include <set>
#include <vector>

namespace {

using namespace std::chrono_literals;
using delivery::Retransmission;

/// The waits of a node that hears nothing, each time-out after the other.
std::vector<base::Duration> waits(std::uint64_t seed, int timeouts) {
    Retransmission timer({}, seed);
    std::vector<base::Duration> waits;
    for (int i = 0; i < timeouts; ++i) {
        timer.back_off();
        waits.push_back(timer.next_wait());
    }
    return waits;
}

}  // namespace

TEST_SUITE("agent/retransmission") {
    TEST_CASE("after a time-out, nodes that lost the same broker wait differently") {
        const int nodes = 100;
        for (const int timeouts : {1, 2, 5, 20}) {
            CAPTURE(timeouts);
            std::set<base::Duration> different;
            base::Duration shortest = 1h;
            base::Duration longest{0};
            for (int seed = 1; seed <= nodes; ++seed) {
                const auto wait = waits(static_cast<std::uint64_t>(seed), timeouts).back();
                different.insert(wait);
                shortest = std::min(shortest, wait);
                longest = std::max(longest, wait);
            }
            CHECK(different.size() > 90);
            const auto most = std::min<base::Duration>(2s * (1 << std::min(timeouts, 16)), 60s);
            CHECK(shortest >= 2s);
            CHECK(longest <= most);
            // They fill the range, and do not crowd at one end of it.
            CHECK(shortest < 2s + (most - 2s) / 4);
            CHECK(longest > most - (most - 2s) / 4);
        }
    }

    TEST_CASE("the same seed waits the same, so that a simulation can be repeated") {
        CHECK(waits(7, 10) == waits(7, 10));
        CHECK(waits(7, 10) != waits(8, 10));
    }

    TEST_CASE("one node does not wait twice the same after a time-out") {
        Retransmission timer({}, 3);
        timer.back_off();
        timer.back_off();
        std::set<base::Duration> different;
        for (int i = 0; i < 50; ++i) different.insert(timer.next_wait());
        CHECK(different.size() > 45);
    }

    TEST_CASE("without a time-out a wait is exactly what the round trips say") {
        for (std::uint64_t seed = 1; seed < 20; ++seed) {
            Retransmission timer({}, seed);
            CHECK(timer.next_wait() == 2s);
            timer.add_round_trip(1s);
            CHECK(timer.next_wait() == 3s);
        }
    }

    TEST_CASE("round trips are smoothed as RFC 6298 says, and a wait is never over a minute") {
        Retransmission timer({}, 1);
        timer.add_round_trip(4s);  // srtt 4, rttvar 2.
        CHECK(timer.smoothed() == 4s);
        CHECK(timer.next_wait() == 12s);
        timer.add_round_trip(8s);  // rttvar 2 + (4 − 2) / 4 = 2.5; srtt 4 + 4 / 8 = 4.5.
        CHECK(timer.smoothed() == 4500ms);
        CHECK(timer.next_wait() == 14500ms);
        timer.add_round_trip(500ms);  // rttvar 2.5 + (4 − 2.5) / 4 = 2.875; srtt 4.5 − 4 / 8 = 4.
        CHECK(timer.smoothed() == 4s);
        CHECK(timer.next_wait() == 15500ms);
        for (int i = 0; i < 20; ++i) timer.add_round_trip(10min);
        CHECK(timer.next_wait() == 60s);
    }
}
