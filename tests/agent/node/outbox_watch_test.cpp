#include "agent/node/outbox_watch.hpp"

#include <doctest/doctest.h>

#include "agent/node/stated_outbox.hpp"

namespace {

using namespace std::chrono_literals;

struct Watched {
    bool observe(base::Duration passed) { return watch.observe(base::Instant{1h} + passed); }

    agent_test::StatedOutbox outbox;
    base::Counters counters;
    agent::OutboxWatch watch{outbox, counters, 10min};
};

}  // namespace

TEST_SUITE("agent/outbox watch") {
    TEST_CASE("while nothing happens there is nothing to declare or count") {
        Watched node;
        CHECK_FALSE(node.observe(0s));
        node.outbox.stated.head = 5;
        CHECK_FALSE(node.observe(1h));
        CHECK(node.counters.sum("leat_agent_evicted_total") == 0);
    }

    TEST_CASE("after a fork series are declared again, once") {
        Watched node;
        node.outbox.stated.incarnation = {7};
        CHECK(node.observe(0s));
        CHECK_FALSE(node.observe(1s));
        node.outbox.stated.incarnation = {8};
        CHECK(node.observe(2s));  // A fork never waits.
    }

    TEST_CASE("after evictions series are declared again, but only every ten minutes") {
        Watched node;
        int declared = 0;
        for (int minute = 0; minute < 35; ++minute) {
            node.outbox.stated.evicted += 3;
            declared += node.observe(minute * 1min) ? 1 : 0;
        }
        CHECK(declared == 4);
        CHECK(node.counters.sum("leat_agent_evicted_total") == 105);
        node.outbox.stated.incarnation = {7};  // It counts as a declaration.
        CHECK(node.observe(1h));
        node.outbox.stated.evicted += 3;
        CHECK_FALSE(node.observe(1h + 9min));
    }

    TEST_CASE("thinning is counted and makes nothing unknown") {
        Watched node;
        node.outbox.stated.thinned = 40;
        CHECK_FALSE(node.observe(0s));
        node.outbox.stated.thinned = 50;
        CHECK_FALSE(node.observe(1s));
        CHECK(node.counters.sum("leat_agent_thinned_total") == 50);
    }
}
