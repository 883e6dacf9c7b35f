#include "delivery/uplink/batch_limit.hpp"

#include <doctest/doctest.h>

namespace {

using namespace std::chrono_literals;
using base::Instant;
using delivery::BatchLimit;

constexpr Instant kStart{1h};
constexpr delivery::SentBatch kBatch{.first = 1, .last = 64, .bytes = 60'000};

}  // namespace

TEST_SUITE("agent/batch limit") {
    TEST_CASE("it is what the broker says, at most a whole batch and at least a byte") {
        BatchLimit limit;
        CHECK(limit.bytes() == wire::kBatchBytesMax);
        limit.begin_session(10'000);
        CHECK(limit.bytes() == 10'000);
        limit.begin_session(0);
        CHECK(limit.bytes() == 1);
        limit.begin_session(1'000'000);
        CHECK(limit.bytes() == wire::kBatchBytesMax);
    }

    TEST_CASE("what is refused halves it, down to a byte, and a late refusal does not count") {
        BatchLimit limit;
        CHECK(limit.refuse(60'000, kStart));
        CHECK(limit.bytes() == 30'000);
        CHECK_FALSE(limit.refuse(30'001, kStart));
        CHECK(limit.bytes() == 30'000);
        CHECK(limit.refuse(30'000, kStart));
        CHECK(limit.bytes() == 15'000);
        while (limit.bytes() > 1) REQUIRE(limit.refuse(limit.bytes(), kStart));
        CHECK(limit.refuse(1, kStart));
        CHECK(limit.bytes() == 1);
    }

    TEST_CASE("it doubles an hour after the last refusal, up to what the broker says") {
        BatchLimit limit;
        limit.begin_session(20'000);
        limit.refuse(20'000, kStart);
        limit.refuse(10'000, kStart + 30min);
        limit.tick(kStart + 89min);
        CHECK(limit.bytes() == 5'000);
        limit.tick(kStart + 90min);
        limit.tick(kStart + 149min);
        CHECK(limit.bytes() == 10'000);
        limit.tick(kStart + 150min);
        limit.tick(kStart + 300min);
        CHECK(limit.bytes() == 20'000);
    }

    TEST_CASE("the same word of the broker keeps what was learnt, another one forgets it") {
        BatchLimit limit;
        limit.begin_session(50'000);
        limit.refuse(50'000, kStart);
        limit.begin_session(50'000);
        CHECK(limit.bytes() == 25'000);
        limit.begin_session(60'000);
        CHECK(limit.bytes() == 60'000);
    }

    TEST_CASE("a batch is stuck when it was sent three times and the centre answered in between") {
        BatchLimit limit;
        limit.note_sent(kBatch);
        limit.note_answer(0);  // To something that was sent before.
        limit.note_sent(kBatch);
        limit.note_sent(kBatch);
        CHECK(limit.wants_answer());
        CHECK_FALSE(limit.is_stuck());
        limit.note_answer(0);
        CHECK(limit.is_stuck());
        CHECK(limit.oldest()->bytes == 60'000);
        limit.note_answer(1);
        CHECK_FALSE(limit.is_stuck());
        CHECK_FALSE(limit.oldest());
    }

    TEST_CASE("a batch that the centre puts off is not stuck, however often it is sent") {
        BatchLimit limit;
        for (int i = 0; i < 10; ++i) {
            limit.note_sent(kBatch);
            CHECK_FALSE(limit.is_stuck());
            limit.note_put_off();
        }
        CHECK_FALSE(limit.wants_answer());
    }

    TEST_CASE("only the oldest batch is watched, and a single record for twice as long") {
        BatchLimit limit;
        limit.note_sent({.first = 7, .last = 7, .bytes = 900});
        for (int i = 0; i < 10; ++i) limit.note_sent({.first = 8, .last = 9, .bytes = 900});
        limit.note_answer(6);
        CHECK_FALSE(limit.wants_answer());
        for (int i = 0; i < 4; ++i) limit.note_sent({.first = 7, .last = 7, .bytes = 900});
        limit.note_answer(6);
        CHECK_FALSE(limit.is_stuck());
        limit.note_sent({.first = 7, .last = 7, .bytes = 900});
        CHECK(limit.is_stuck());
    }
}
