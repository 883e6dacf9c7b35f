#include "central/engine/quality/causes.hpp"

#include <doctest/doctest.h>

#include "central/engine/quality/assessed.hpp"

// g++ 12 believes that a temporary may be destroyed before it was made.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

using namespace std::chrono_literals;
using engine::Absence;
using engine::CauseKind;
using engine_test::AssessedMinute;
using engine_test::gap_of;

namespace {

engine::GapRow at_once(const char* reason, base::Duration first, base::Duration last) {
    return gap_of(reason, kNoon + first, kNoon + last);
}

/// A reading every 20 s, until half of the minute is over.
dimensions::DeclaredPeriods from_the_middle(base::Duration period) {
    return {{.since = dimensions::kLongAgo, .period = 20s},
            {.since = kNoon + 30s, .period = period}};
}

/// A gap of other records than the first sixty.
engine::GapRow elsewhere(engine::GapRow gap) {
    gap.from = 100;
    gap.to = 160;
    return gap;
}

}  // namespace

TEST_CASE("what is missing is explained once, by failures, then gaps, then what may be") {
    struct Case {
        const char* name;
        AssessedMinute minute;
        const char* causes;
    };
    const std::vector<Case> cases{
        {"nothing is missing", {.readings = {0s, 20s, 40s}}, ""},
        {"not sent", {.readings = {0s}}, "not_sent 2"},
        {"failed", {.readings = {0s, 40s}, .failed = {{"checksum", 1}}}, "failed 1 checksum"},
        {"failed and read again",
         {.readings = {0s, 20s, 40s}, .failed = {{"no response", 1}, {"checksum", 3}}},
         "failed 3 checksum, failed 1 no response"},
        {"failed, and more is missing",
         {.readings = {0s}, .failed = {{"checksum", 1}}},
         "failed 1 checksum, not_sent 1"},
        {"evicted", {.readings = {}, .gaps = {at_once("evicted", -1h, 1h)}}, "evicted 3"},
        {"evicted as far as the gap goes",
         {.readings = {}, .gaps = {at_once("evicted", -1h, 10s)}},
         "evicted 1, not_sent 2"},
        {"a gap that held nothing of this series",
         {.readings = {0s, 20s, 40s}, .gaps = {at_once("evicted", 5s, 6s)}},
         "evicted ?"},
        {"damaged", {.readings = {0s}, .gaps = {at_once("corrupt", 20s, 40s)}}, "corrupt 2"},
        {"failed, evicted, damaged and not sent",
         {.readings = {},
          .failed = {{"checksum", 1}},
          .gaps = {at_once("evicted", 0s, 0s)},
          .around = {kNoon - 20s, kNoon + 60s}},
         "failed 1 checksum, evicted 1, not_sent 1"},
        {"no period: nobody knows how many",
         {.readings = {0s}, .gaps = {at_once("evicted", 0s, 50s)}, .period = std::nullopt},
         "evicted ?"},
        {"lost on the way, told by the gap of the node",
         {.readings = {}, .gaps = {gap_of("lost"), at_once("evicted", 0s, 59s)}},
         "evicted 3"},
        {"lost, and nothing says when",
         {.readings = {0s, 20s}, .gaps = {gap_of("lost")}},
         "lost 1 perhaps"},
        {"another gap tells nothing of these",
         {.readings = {0s, 20s}, .gaps = {gap_of("lost"), elsewhere(at_once("evicted", -2h, -1h))}},
         "lost 1 perhaps"},
        {"thinned records are no cause",
         {.readings = {0s, 20s}, .gaps = {gap_of("thinned")}},
         "not_sent 1"},
        {"waiting for a clock", {.readings = {0s, 20s}, .unplaced = 4}, "unplaced 1 perhaps"},
        {"complete in spite of what waits", {.readings = {0s, 20s, 40s}, .unplaced = 4}, ""},
        {"known in wider windows", {.readings = {}, .is_coarse = true}, "thinned ?"},
        {"on change", {.readings = {0s, 5s, 40s, 50s}, .also_between = true}, "suppressed ?"},
        {"another period from its middle on",
         {.readings = {0s, 20s, 40s, 50s}, .periods = from_the_middle(10s)},
         "redeclared ?"},
        {"another period from its middle on, and a hole even by the longer one",
         {.readings = {50s}, .periods = from_the_middle(10s)},
         "not_sent ?"},
        {"no period and no claim", {.readings = {0s}, .period = std::nullopt}, ""},
        {"still open", {.readings = {0s}, .watermark = kNoon + 30s}, ""},
        {"the node is away",
         {.readings = {0s}, .watermark = kNoon + 30s, .absence = Absence::away},
         "away ?"},
        {"the node is silent, and one failed",
         {.readings = {0s},
          .failed = {{"checksum", 1}},
          .watermark = kNoon + 30s,
          .absence = Absence::silent},
         "failed 1 checksum, silent ?"},
        {"what is over is over, though the node is away",
         {.readings = {0s, 20s, 40s}, .absence = Absence::away},
         ""},
    };
    for (const auto& one : cases) {
        INFO(one.name);
        CHECK(one.minute.causes() == one.causes);
    }
}

TEST_CASE("no gap explains more readings than it held") {
    const engine::DeclaredGaps gaps{{at_once("evicted", 0s, 40s), at_once("evicted", 100s, 110s)}};
    const auto held = [&](base::Duration from, base::Duration to, base::Duration period) {
        return gaps.held(engine::GapKind::evicted, kNoon + from, kNoon + to, period);
    };
    CHECK(held(-1min, 1min, 20s) == 3);
    CHECK(held(-1min, 1min, 21s) == 2);
    CHECK(held(0s, 40s, 20s) == 2);  // The last one is in the next window.
    CHECK(held(0s, 10min, 20s) == 4);
    CHECK(held(41s, 100s, 20s) == 0);
    CHECK(held(105s, 10min, 1s) == 6);
    CHECK(gaps.held(engine::GapKind::corrupt, kNoon, kNoon + 1min, 20s) == 0);
}

TEST_CASE("a cause is a sentence that a person understands") {
    using engine::sentence_of;
    CHECK(sentence_of({.kind = CauseKind::evicted, .readings = 60}) ==
          "60 readings lost: evicted by the node, its outbox was full");
    CHECK(sentence_of({.kind = CauseKind::evicted}) ==
          "readings lost: evicted by the node, its outbox was full");
    CHECK(sentence_of({.kind = CauseKind::failed, .reason = "checksum", .readings = 1}) ==
          "1 reading failed: checksum");
    CHECK(sentence_of({.kind = CauseKind::failed, .readings = 2}) == "2 readings failed");
    CHECK(sentence_of({.kind = CauseKind::lost, .readings = 5, .is_certain = false}) ==
          "5 readings missing, perhaps lost: of some records no time is known");
    CHECK(sentence_of({.kind = CauseKind::unplaced, .readings = 5, .is_certain = false}) ==
          "5 readings missing, perhaps waiting: the node sent records from before its clock was "
          "set");
    CHECK(sentence_of({.kind = CauseKind::not_sent, .readings = 3}) ==
          "3 readings missing: never sent, and the node declared no gap");
}
