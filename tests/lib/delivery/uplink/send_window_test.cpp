#include "delivery/uplink/send_window.hpp"

#include <doctest/doctest.h>

namespace {

using namespace std::chrono_literals;
using base::Instant;
using delivery::SendWindow;

constexpr Instant kStart{1h};

/// Two batches of ten records on their way, the second one sent a second after the first.
struct Window {
    Window() {
        window.add(1, 10, kStart);
        window.add(11, 20, kStart + 1s);
    }

    delivery::Retransmission timer{{}, 1};
    SendWindow window{2, timer};
};

}  // namespace

TEST_SUITE("agent/send window") {
    TEST_CASE("a window begins empty, at the first record, and fills up") {
        delivery::Retransmission timer({}, 1);
        SendWindow window{2, timer};
        CHECK(window.is_empty());
        CHECK(window.has_room());
        CHECK(window.next() == 1);
        CHECK_FALSE(window.is_overdue(kStart + 24h));
        window.add(1, 10, kStart);
        CHECK(window.has_room());
        window.add(11, 20, kStart);
        CHECK_FALSE(window.has_room());
        CHECK(window.next() == 21);
    }

    TEST_CASE("only what has arrived as a whole is released") {
        Window node;
        node.window.release(9, kStart + 2s);
        CHECK(node.window.oldest().first == 1);
        node.window.release(15, kStart + 2s);
        CHECK(node.window.oldest().first == 11);
        node.window.release(20, kStart + 2s);
        CHECK(node.window.is_empty());
        CHECK(node.window.next() == 21);
        node.window.release(30, kStart + 2s);  // Sent in an earlier life.
        CHECK(node.window.next() == 31);
    }

    TEST_CASE("the oldest batch is overdue when the timer says so, and the next one later") {
        Window node;
        CHECK_FALSE(node.window.is_overdue(kStart + 1999ms));
        CHECK(node.window.is_overdue(kStart + 2s));
        node.window.release(10, kStart + 2s);  // The round trip was 2 s: waits are 6 s now.
        CHECK(node.timer.smoothed() == 2s);
        CHECK_FALSE(node.window.is_overdue(kStart + 7999ms));
        CHECK(node.window.is_overdue(kStart + 8s));
    }

    TEST_CASE("a batch that was repeated waits longer and measures no round trip") {
        Window node;
        node.window.repeat_oldest(1, 10, kStart + 2s);
        CHECK(node.window.oldest().sent == kStart + 2s);
        CHECK_FALSE(node.window.is_overdue(kStart + 3999ms));
        CHECK(node.window.is_overdue(kStart + 6s));
        node.window.release(10, kStart + 3s);
        CHECK(node.timer.smoothed() == 0s);
        node.window.release(20, kStart + 3s);
        CHECK(node.timer.smoothed() == 2s);
    }

    TEST_CASE("rewinding sends again what was on its way, restarting goes where the caller says") {
        Window node;
        node.window.release(10, kStart + 2s);
        node.window.rewind();
        CHECK(node.window.is_empty());
        CHECK(node.window.next() == 11);
        node.window.rewind();
        CHECK(node.window.next() == 11);
        node.window.add(11, 20, kStart + 3s);
        node.window.restart(5);
        CHECK(node.window.is_empty());
        CHECK(node.window.next() == 5);
    }
}
