// Goal: the fake of the simulation and the real Redis cannot be told apart. Method: thousands of
// random calls on both at the same time must give the same answers and the same streams. SEED=n
// repeats a run.
#include <doctest/doctest.h>

#include <cstdlib>
#include <map>
#include <set>

#include "bridge/test_node.hpp"
#include "bridge/worlds.hpp"

namespace {

using bridge::IngestRequest;
using bridge_test::FakeWorld;
using bridge_test::RealWorld;
using bridge_test::TestNode;
using wire::Ack;
using wire::Answer;

template <class World>
std::vector<ingest::Entry> stream_of(World& world, const std::string& node) {
    auto entries = world.source.read(world.partition_of(node), "0-0", 1000);
    if (!entries) FAIL(entries.error().detail);
    return entries.value();
}

/// All pages of a survey.
std::set<ingest::AppliedMark> survey_of(ingest::Source& source) {
    std::set<ingest::AppliedMark> known;
    std::string from;
    do {
        auto page = source.survey(from);
        if (!page) FAIL(page.error().detail);
        for (const auto& mark : page.value().applied) known.insert(mark);
        from = page.value().next;
    } while (!from.empty());
    return known;
}

/// Random calls on both worlds. There are few node names, incarnations and numbers, and some nodes
/// are clones with another history, so every rule applies many times.
class TwinRun {
  public:
    explicit TwinRun(std::uint64_t seed) : random_(seed), fake_{60}, real_{60} {}

    void step() {
        switch (random_.below(12)) {
            case 0:
                return settle();
            case 1:
                return random_.chance(1, 4) ? rewind() : settle();
            case 2:
                return pass_time();
            default:
                return send_some();
        }
    }

    void compare_streams() {
        for (const auto* name : kNames) {
            const auto left = stream_of(fake_, name);
            const auto right = stream_of(real_, name);
            REQUIRE(left.size() == right.size());
            for (std::size_t i = 0; i < left.size(); ++i) {
                CHECK(same(left[i], right[i]));
            }
        }
        const auto known = survey_of(fake_.source);
        CHECK(known == survey_of(real_.source));
        applied_marks = std::max(applied_marks, known.size());
    }

    std::map<Answer, int> answers;
    std::size_t applied_marks = 0;
    int gap_entries = 0;
    int crossed = 0;

  private:
    static constexpr std::array kNames{"attic", "cellar", "roof"};

    static bool same(const ingest::Entry& left, const ingest::Entry& right) {
        return left.node == right.node && left.incarnation == right.incarnation &&
               left.seq == right.seq && left.gap_to == right.gap_to && left.hash == right.hash &&
               left.line == right.line && left.received == right.received;
    }

    /// Low incarnations often, high ones rarely: both old and forgotten ones occur.
    TestNode some_node() {
        const auto* name = kNames.at(random_.below(kNames.size()));
        const auto incarnation = 1 + random_.below(random_.chance(1, 8) ? 40 : 3);
        TestNode node(name, incarnation);
        if (random_.chance(1, 6)) node.grow(random_.below(8)).grow(24, "clone");
        node.grow(24);
        return node;
    }

    IngestRequest some_request() {
        const auto node = some_node();
        const auto base = 1 + random_.below(random_.chance(1, 3) ? 20 : 6);
        const auto count = random_.below(std::min<std::uint64_t>(6, 25 - base));
        const auto lowest = random_.chance(1, 2)   ? 1
                            : random_.chance(1, 2) ? base
                                                   : 1 + random_.below(base);
        auto request = node.batch(base, static_cast<std::uint32_t>(count), lowest);
        if (base >= lowest + 2 && random_.chance(1, 4)) {
            request.header.after = lowest + random_.below(base - 1 - lowest);
        }
        return request;
    }

    void send_some() {
        std::vector<IngestRequest> requests;
        for (auto n = 1 + random_.below(4); n > 0; --n) {
            // Real nodes mostly send what follows the last answer.
            requests.push_back(next_ && random_.chance(1, 2) ? *next_ : some_request());
            next_.reset();
        }
        const auto left = fake_.store.ingest(requests);
        const auto right = real_.store.ingest(requests);
        REQUIRE(left);
        REQUIRE(right);
        for (std::size_t i = 0; i < requests.size(); ++i) {
            CAPTURE(requests[i].header.base);
            CAPTURE(requests[i].header.count);
            CAPTURE(requests[i].header.lowest);
            CHECK(wire::encode_ack(left.value()[i]) == wire::encode_ack(right.value()[i]));
            ++answers[left.value()[i].answer];
            crossed += requests[i].header.after && left.value()[i].answer == Answer::ok ? 1 : 0;
            follow(requests[i], left.value()[i]);
        }
    }

    void follow(const IngestRequest& request, const Ack& ack) {
        if (ack.expected > 20) return;
        auto node = TestNode(request.node, request.header.incarnation.bits).grow(24);
        next_ = node.batch(ack.expected, static_cast<std::uint32_t>(random_.below(4)));
    }

    void settle() {
        const auto node = some_node();
        const auto partition = fake_.partition_of(node.name());
        const auto left = stream_of(fake_, node.name());
        const auto right = stream_of(real_, node.name());
        REQUIRE(left.size() == right.size());
        if (left.empty()) return;
        const auto upto = random_.below(left.size());
        for (const auto& entry : left) gap_entries += entry.gap_to > 0 ? 1 : 0;
        const std::vector<ingest::AppliedMark> marks{
            {node.name(), node.incarnation(), node.mark(1 + random_.below(20))}};
        const bool is_first = random_.chance(1, 2);
        ingest::Source& fake_source = is_first ? fake_.source : fake_.other_source;
        ingest::Source& real_source =
            is_first ? static_cast<ingest::Source&>(real_.source) : real_.other_source;
        REQUIRE(fake_source.settle(partition, left[upto].id, marks));
        REQUIRE(real_source.settle(partition, right[upto].id, marks));
    }

    void rewind() {
        const auto node = some_node();
        const ingest::AppliedMark to{node.name(), node.incarnation(), node.mark(random_.below(20))};
        REQUIRE(fake_.source.rewind(fake_.partition_of(node.name()), to));
        REQUIRE(real_.source.rewind(real_.partition_of(node.name()), to));
    }

    void pass_time() {
        const base::Duration step{static_cast<std::int64_t>(random_.below(1'200'000))};
        fake_.clock.advance(step);
        real_.clock.advance(step);
    }

    base::Random random_;
    FakeWorld fake_;
    RealWorld real_;
    std::optional<IngestRequest> next_;
};

}  // namespace

TEST_CASE("the fake and the real Redis give the same answers to the same calls") {
    const auto* given = std::getenv("SEED");
    const auto seed = given != nullptr ? std::stoull(given) : 20'240'611;
    CAPTURE(seed);
    TwinRun run(seed);
    for (int i = 0; i < 4000; ++i) {
        run.step();
        if (i % 200 == 0) run.compare_streams();
    }
    run.compare_streams();
    // Every rule applied, and not just once or twice.
    for (const auto answer :
         {Answer::ok, Answer::dup, Answer::gap, Answer::busy, Answer::fork, Answer::reject}) {
        CAPTURE(wire::to_text(answer));
        CHECK(run.answers[answer] > 20);
    }
    CHECK(run.gap_entries > 20);
    CHECK(run.crossed > 20);
    CHECK(run.applied_marks > 5);
}
