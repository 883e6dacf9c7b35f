#include "agent/node/outbox_watch.hpp"

#include <doctest/doctest.h>

#include "agent/outbox/outbox.hpp"

namespace {

using namespace std::chrono_literals;

/// An outbox whose extent is what the test says.
struct StatedOutbox final : agent::Outbox {
    base::Status append(const agent::Flush&) override { return base::Done{}; }
    base::Result<std::vector<agent::StoredRecord>> read(std::uint64_t, std::size_t,
                                                        std::size_t) const override {
        return std::vector<agent::StoredRecord>{};
    }
    base::Result<std::optional<wire::ChainHash>> hash_at(std::uint64_t) const override {
        return std::optional<wire::ChainHash>{};
    }
    base::Status reserve(std::uint64_t) override { return base::Done{}; }
    base::Status fork(std::uint64_t) override { return base::Done{}; }
    agent::Extent extent() const override { return stated; }
    std::uint64_t bytes_after(std::uint64_t) const override { return 0; }
    std::optional<std::string> position(const std::string&) const override { return {}; }

    agent::Extent stated{};
};

struct Watched {
    bool observe(base::Duration passed) { return watch.observe(base::Instant{1h} + passed); }

    StatedOutbox outbox;
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
