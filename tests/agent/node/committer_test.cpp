// Goal: when what was collected is committed, and that a failed commit loses and re-orders nothing.
// Method: a sampler with a scripted sensor, an outbox that refuses when the test says so.

#include "agent/node/committer.hpp"

#include <doctest/doctest.h>

#include "agent/node/stated_outbox.hpp"
#include "agent/sampling/sampler_board.hpp"
#include "support/captured_log.hpp"

namespace {

using namespace std::chrono_literals;
using agent_test::bodies;

struct Committed {
    explicit Committed(bool urgent = false) : sampler(make_sampler(urgent)) {}

    agent::Sampler make_sampler(bool urgent) {
        script->quantities.front().urgent = urgent;
        return board.make();
    }

    /// The sensor says this now.
    void say(double value) {
        const auto now = board.clock.instant();
        script->harvests.push_back(agent_test::harvest_of({agent_test::measured(value, now)}));
        sampler.tick(now, true);
    }
    void tick(base::Duration passed) {
        board.clock.advance(passed);
        committer.tick(7, board.clock.instant());
    }

    /// The readings of each flush in the outbox.
    std::vector<std::vector<double>> values() const {
        std::vector<std::vector<double>> result;
        for (const auto& flush : outbox.appended) {
            result.emplace_back();
            for (const auto& data : bodies<wire::Data>(flush)) {
                const auto& raw = std::get<wire::RawColumn>(data.columns.at(0).points).values;
                result.back().insert(result.back().end(), raw.begin(), raw.end());
            }
        }
        return result;
    }

    agent_test::Board board;
    std::shared_ptr<agent_test::Script> script = board.add("a", 0s);
    agent::Sampler sampler;
    agent_test::StatedOutbox outbox;
    agent::Committer committer{
        {.flush_every = 2s, .urgent_every = 500ms, .backoff = {.first = 1h, .longest = 1h}},
        sampler,
        outbox,
        board.counters,
        1,
        board.clock.instant()};
};

using Values = std::vector<std::vector<double>>;

}  // namespace

TEST_SUITE("agent/committer") {
    // First: the log holds back the eleventh line of a minute.
    TEST_CASE(
        "an outbox that goes on refusing is told once a minute, and at once when it begins anew") {
        const support::CapturedLog log;
        Committed node;
        const auto fail = [&](int times) {
            node.outbox.refuses = true;
            node.say(1);
            for (int i = 0; i < times; ++i) {
                node.board.clock.advance(1s);
                CHECK_FALSE(node.committer.commit_all(7, node.board.clock.instant()));
            }
        };
        fail(50);
        CHECK(log.lines() == 1);
        node.outbox.refuses = false;
        CHECK(node.committer.commit_all(7, node.board.clock.instant()));
        fail(1);
        CHECK(log.lines() == 2);
        fail(61);
        CHECK(log.lines() == 3);
    }

    TEST_CASE("what was collected is committed on time, with what is settled") {
        Committed node;
        node.say(1);
        node.tick(1999ms);
        CHECK(node.outbox.appended.empty());
        node.tick(1ms);
        CHECK(node.values() == Values{{1}});
        CHECK(node.outbox.appended[0].settled == 7);
        node.tick(10s);
        CHECK(node.outbox.attempts == 1);  // There was nothing more to commit.
    }

    TEST_CASE("what is urgent is committed at once, but not more often than it may be") {
        Committed node(true);
        node.say(1);
        node.tick(1ms);
        node.say(2);
        node.tick(498ms);
        CHECK(node.values() == Values{{1}});
        node.tick(2ms);
        CHECK(node.values() == Values{{1}, {2}});
    }

    TEST_CASE("a failed flush is tried again later and as it is; newer readings follow at once") {
        Committed node(true);
        node.outbox.refuses = true;
        node.say(1);
        node.tick(1ms);
        CHECK(node.committer.is_holding());
        node.say(2);
        node.tick(1s);
        CHECK(node.outbox.attempts == 1);  // However urgent they are.
        node.outbox.refuses = false;
        node.tick(1h);
        CHECK(node.values() == Values{{1}});
        CHECK_FALSE(node.committer.is_holding());
        node.tick(0s);
        CHECK(node.values() == Values{{1}, {2}});
    }

    TEST_CASE(
        "after a commit that succeeded, a failed one is tried again as soon as the first was") {
        Committed node;
        agent::Committer committer{
            {.flush_every = 2s, .urgent_every = 500ms, .backoff = {.first = 1s, .longest = 5min}},
            node.sampler,
            node.outbox,
            node.board.counters,
            1,
            node.board.clock.instant()};
        const auto run = [&](base::Duration time) {
            for (base::Duration passed{0}; passed < time; passed += 100ms) {
                node.board.clock.advance(100ms);
                committer.tick(0, node.board.clock.instant());
            }
        };
        node.outbox.refuses = true;
        node.say(1);
        run(20min);
        CHECK(node.outbox.attempts < 30);
        node.outbox.refuses = false;
        run(10min);
        REQUIRE_FALSE(committer.is_holding());
        node.outbox.refuses = true;
        node.say(2);
        run(2s);
        const auto attempts = node.outbox.attempts;
        run(3s);
        CHECK(node.outbox.attempts > attempts);
    }

    TEST_CASE("committing all includes what waits behind a held flush") {
        Committed node;
        node.outbox.refuses = true;
        node.say(1);
        node.tick(2s);
        node.say(2);
        CHECK_FALSE(node.committer.commit_all(7, node.board.clock.instant()));
        node.outbox.refuses = false;
        CHECK(node.committer.commit_all(7, node.board.clock.instant()));
        CHECK(node.values() == Values{{1}, {2}});
    }
}
