#include "central/ingest/ledger.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "central/pipeline/written_node.hpp"

using central_test::WrittenNode;
using ingest::Ledger;
using ingest::OriginVerdict;
using ingest::Verdict;

namespace {

WrittenNode node_with(std::uint64_t records) {
    WrittenNode node{"attic", 1};
    node.add_readings(records);
    return node;
}

Ledger ledger_at(const WrittenNode& node, std::uint64_t seq) {
    Ledger ledger;
    ledger.restore({{.node = "attic", .incarnation = {1}, .mark = node.mark(seq)}}, {});
    return ledger;
}

struct DecideCase {
    const char* name;
    std::uint64_t mark;
    std::uint64_t seq;
    std::uint64_t gap_to;
    Verdict verdict;
};

constexpr DecideCase kDecisions[] = {
    {"the first record of a new node", 0, 1, 0, Verdict::apply},
    {"the second before the first", 0, 2, 0, Verdict::hole},
    {"the next", 5, 6, 0, Verdict::apply},
    {"the one at the mark", 5, 5, 0, Verdict::duplicate},
    {"an old one", 5, 2, 0, Verdict::duplicate},
    {"one missing", 5, 7, 0, Verdict::hole},
    {"a gap right after the mark", 5, 6, 8, Verdict::lost},
    {"a gap that begins before the mark", 5, 2, 8, Verdict::lost},
    {"a gap that ends at the mark", 5, 2, 5, Verdict::duplicate},
    {"a gap beyond a hole", 5, 7, 8, Verdict::hole},
    {"a gap from the very beginning", 0, 1, 4, Verdict::lost},
};

}  // namespace

TEST_CASE("an entry is decided by its number and the mark alone") {
    const auto node = node_with(10);
    for (const auto& c : kDecisions) {
        CAPTURE(std::string{c.name});
        const auto ledger = c.mark == 0 ? Ledger{} : ledger_at(node, c.mark);
        const auto entry = c.gap_to == 0 ? node.entry(c.seq) : node.gap(c.seq, c.gap_to);
        CHECK(ledger.decide(entry) == c.verdict);
    }
}

TEST_CASE("incarnations and nodes have marks of their own") {
    const auto node = node_with(10);
    auto ledger = ledger_at(node, 5);
    WrittenNode again{"attic", 2};
    again.add_readings(6);
    CHECK(ledger.decide(again.entry(6)) == Verdict::hole);
    CHECK(ledger.decide(again.entry(1)) == Verdict::apply);
    auto other = node.entry(6);
    other.node = "cellar";
    CHECK(ledger.decide(other) == Verdict::hole);
}

TEST_CASE("another content under the number of the mark is a conflict") {
    const auto node = node_with(10);
    const auto ledger = ledger_at(node, 5);
    auto entry = node.entry(5);
    entry.hash.bytes[0] ^= 1;
    CHECK(ledger.decide(entry) == Verdict::conflict);
}

TEST_CASE("the mark rises with what is applied and lost, and is handed over once a step") {
    const auto node = node_with(10);
    Ledger ledger;
    ledger.mark_applied(node.entry(1));
    ledger.mark_applied(node.entry(2));
    ledger.mark_passed(node.gap(2, 6));
    auto advance = ledger.take_advance();
    REQUIRE(advance.marks.size() == 1);
    CHECK(advance.marks[0].mark == node.mark(6));
    REQUIRE(advance.tail.size() == 2);
    CHECK(advance.tail[1].mark == node.mark(2));
    CHECK(ledger.take_advance().marks.empty());
    CHECK(ledger.mark("attic", {1}) == node.mark(6));
    CHECK(ledger.decide(node.entry(7)) == Verdict::apply);
}

TEST_CASE("a forked record is weighed by what the tail holds") {
    const auto node = node_with(10);
    const auto ledger = ledger_at(node, 5);
    const auto weigh = [&](std::uint64_t seq, ingest::TailAnswer tail) {
        return ledger.weigh("attic", node.origin(seq), tail);
    };
    CHECK(weigh(6, {}) == OriginVerdict::fresh);
    CHECK(weigh(4, {.same = true, .other = false}) == OriginVerdict::duplicate);
    CHECK(weigh(4, {.same = true, .other = true}) == OriginVerdict::duplicate);
    CHECK(weigh(4, {.same = false, .other = true}) == OriginVerdict::fresh);
    // Within the tail everything applied is known: it was declared lost.
    CHECK(weigh(4, {}) == OriginVerdict::fresh);
}

TEST_CASE("a forked record from before the tail is a suspect") {
    const auto node = node_with(1);
    Ledger ledger;
    const wire::Mark far{.seq = ingest::kTailRecords + 1, .hash = {}};
    ledger.restore({{.node = "attic", .incarnation = {1}, .mark = far}}, {});
    CHECK(ledger.weigh("attic", node.origin(1), {}) == OriginVerdict::suspect);
    auto second = node.origin(1);
    second.seq = 2;
    CHECK(ledger.weigh("attic", second, {}) == OriginVerdict::fresh);
}

TEST_CASE("a record applied in the same step is a duplicate before the tail has it") {
    const auto node = node_with(3);
    Ledger ledger;
    ledger.mark_applied(node.entry(1));
    CHECK(ledger.weigh("attic", node.origin(1), {}) == OriginVerdict::duplicate);
    CHECK(ledger.weigh("attic", node.origin(2), {}) == OriginVerdict::fresh);
}

TEST_CASE("a record applied under its new number is a duplicate when the old one comes after all") {
    const auto node = node_with(3);
    WrittenNode forked{"attic", 2};
    forked.add(wire::with_origin(node.line(2), node.origin(2)));
    Ledger ledger;
    ledger.mark_applied(node.entry(1));
    ledger.mark_applied(forked.entry(1), node.origin(2));
    CHECK(ledger.decide(node.entry(2)) == Verdict::duplicate);
    ledger.mark_passed(node.entry(2));
    CHECK(ledger.decide(node.entry(3)) == Verdict::apply);

    Ledger later;
    later.restore({{.node = "attic", .incarnation = {1}, .mark = node.mark(1)}},
                  {{.node = "attic", .incarnation = {1}, .mark = node.mark(2)}});
    CHECK(later.decide(node.entry(2)) == Verdict::duplicate);
}
