#include "broker/window.hpp"

#include <doctest/doctest.h>

using broker::Window;

TEST_CASE("a window has no more places than it was given") {
    Window window(2);
    CHECK(window.enter());
    CHECK(window.enter());
    CHECK_FALSE(window.enter());
    window.leave(window.epoch());
    CHECK(window.enter());
}

TEST_CASE("what settles for a connection that is gone does not free a place of the new one") {
    Window window(1);
    const auto old_epoch = window.epoch();
    CHECK(window.enter());
    window.abandon();
    CHECK(window.size() == 0);
    CHECK(window.enter());
    window.leave(old_epoch);
    CHECK(window.size() == 1);
    CHECK_FALSE(window.enter());
}
