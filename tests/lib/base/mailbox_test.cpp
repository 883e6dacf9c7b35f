#include "base/mailbox.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <thread>

TEST_SUITE("base/mailbox") {
    TEST_CASE("letters come out in the order in which they went in") {
        base::Mailbox<int> mailbox{3};
        CHECK_FALSE(mailbox.take());
        for (int i = 1; i <= 3; ++i) CHECK(mailbox.put(i));
        CHECK(mailbox.size() == 3);
        for (int i = 1; i <= 3; ++i) CHECK(mailbox.take() == i);
        CHECK_FALSE(mailbox.take());
        CHECK(mailbox.refused() == 0);
    }

    TEST_CASE("what does not fit is refused and counted, and harms nothing inside") {
        base::Mailbox<int> mailbox{2};
        CHECK(mailbox.put(1));
        CHECK(mailbox.put(2));
        CHECK_FALSE(mailbox.put(3));
        CHECK_FALSE(mailbox.put(4));
        CHECK(mailbox.refused() == 2);
        CHECK(mailbox.size() == 2);
        CHECK(mailbox.take() == 1);
        CHECK(mailbox.put(5));
        CHECK(mailbox.take() == 2);
        CHECK(mailbox.take() == 5);
        CHECK(mailbox.refused() == 2);
    }

    TEST_CASE("letters that can only be moved are accepted") {
        base::Mailbox<std::unique_ptr<int>> mailbox{1};
        CHECK(mailbox.put(std::make_unique<int>(7)));
        const auto letter = mailbox.take();
        REQUIRE(letter);
        CHECK(**letter == 7);
    }

    TEST_CASE("between two threads every letter is taken once, in order, or refused") {
        constexpr int kLetters = 20'000;
        base::Mailbox<int> mailbox{16};
        std::thread sender([&] {
            for (int i = 0; i < kLetters; ++i) mailbox.put(i);
            while (!mailbox.put(kLetters)) {
            }
        });
        int taken = 0;
        int last = -1;
        bool in_order = true;
        while (last < kLetters) {
            const auto letter = mailbox.take();
            if (!letter) continue;
            in_order = in_order && *letter > last;
            last = *letter;
            ++taken;
        }
        sender.join();
        CHECK(in_order);
        CHECK(mailbox.size() == 0);
        // The last letter may have been refused several times before it fitted.
        CHECK(static_cast<std::uint64_t>(taken) + mailbox.refused() >= kLetters + 1);
        CHECK(taken <= kLetters + 1);
        CHECK(taken > 0);
    }
}
