// Goal: what nodes committed is what the database counts, whatever dies in between.
// Method: three nodes send through the bridge's rules (a fake Redis) with repeats and steps back;
// Redis loses its unsynced writes or everything, calls to it fail, commits fail before and after
// they happened, central is killed. When the faults end, the books must balance. SEED=n repeats one
// run.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <vector>

#include "base/random.hpp"
#include "bridge/fake_source.hpp"
#include "bridge/fake_store.hpp"
#include "central/database/place.hpp"
#include "central/pipeline/centre.hpp"
#include "central/pipeline/written_node.hpp"
#include "support/manual_clock.hpp"

using namespace central_test;

namespace {

class World {
  public:
    explicit World(std::uint64_t seed)
        : random_(seed), redis_({.partitions = 2, .cap = 100'000, .seed = seed}) {
        for (std::uint64_t i = 0; i < 3; ++i) {
            nodes_.push_back({WrittenNode{"node-" + std::to_string(i), i + 1}, 1});
        }
    }

    void run(int steps) {
        for (int i = 0; i < steps; ++i) {
            disturb();
            for (auto& node : nodes_) {
                node.outbox.add_readings(random_.below(4));
                send(node);
            }
            centre.tick(base::Duration{random_.below(2'000)});
            clock_.advance(100ms);
        }
    }

    void settle_down() {
        redis_.fail(std::nullopt);
        for (int i = 0; i < 400; ++i) {
            for (auto& node : nodes_) {
                if (i % 50 == 0) node.outbox.add_readings(1);
                send(node);
            }
            centre.tick(1s);
            clock_.advance(100ms);
        }
    }

    void check() {
        std::uint64_t committed = 0;
        for (auto& node : nodes_) {
            CAPTURE(node.outbox.name());
            CHECK(centre.readings(node.outbox.name()) == node.outbox.head());
            CHECK(node.applied == node.outbox.head());
            committed += node.outbox.head();
        }
        CHECK(committed > 0);
        CHECK(centre.counter("lost_records_total") == 0);
        faults +=
            static_cast<int>(centre.counter("sink_errors_total") + centre.counter("rescans_total"));
    }

    int faults = 0;

  private:
    struct Sender {
        WrittenNode outbox;
        std::uint64_t expected = 1;
        std::uint64_t applied = 0;
    };

    void disturb() {
        if (random_.chance(1, 20)) redis_.crash();
        if (random_.chance(1, 150)) redis_.flush_all();
        if (random_.chance(1, 30)) redis_.fail(base::Error{base::Fault::transient, "away"});
        if (random_.chance(1, 5)) redis_.fail(std::nullopt);
        if (random_.chance(1, 15)) redis_.fail_next(fake::FailPoint::after_write);
        if (random_.chance(1, 15)) redis_.fail_next(fake::FailPoint::after_barrier);
        if (random_.chance(1, 25)) centre.sink->fail_before = 1;
        if (random_.chance(1, 25)) centre.sink->fail_after = 1;
        if (random_.chance(1, 40)) centre.restart();
    }

    void send(Sender& node) {
        const auto head = node.outbox.head();
        auto base = std::min(node.expected, head + 1);
        if (base > 1 && random_.chance(1, 6)) base -= random_.below(base);
        const auto count = std::min<std::uint64_t>(head + 1 - base, 1 + random_.below(8));
        const auto acks =
            store_.ingest({node.outbox.batch(base, static_cast<std::uint32_t>(count))});
        if (!acks) return;
        const auto& ack = acks.value().at(0);
        REQUIRE(ack.answer != wire::Answer::fork);
        node.expected = ack.expected;
        if (ack.applied) node.applied = std::max(node.applied, ack.applied->seq);
    }

    base::Random random_;
    support::ManualClock clock_;
    fake::Redis redis_;
    fake::FakeStore store_{redis_, clock_};
    fake::FakeSource source_{redis_, "sqlite"};
    std::vector<Sender> nodes_;

  public:
    Centre centre{source_, 2};
};

}  // namespace

TEST_CASE("whatever dies, every committed reading is counted once") {
    const char* wanted = std::getenv("SEED");
    const std::uint64_t first = wanted != nullptr ? std::strtoull(wanted, nullptr, 10) : 1;
    // A server is asked over a socket, thousands of times a world.
    const std::uint64_t worlds = central_test::is_postgres() ? 2 : 8;
    int faults = 0;
    for (std::uint64_t seed = first; seed < first + (wanted != nullptr ? 1 : worlds); ++seed) {
        CAPTURE(seed);
        World world{seed};
        world.run(250);
        world.settle_down();
        world.check();
        faults += world.faults;
    }
    CHECK(faults > 0);
}
