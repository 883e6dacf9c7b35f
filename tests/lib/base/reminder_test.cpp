#include "base/reminder.hpp"

#include <doctest/doctest.h>

namespace {

using base::Instant;
using std::chrono::seconds;

Instant at(int second) {
    return Instant{} + seconds{second};
}

}  // namespace

TEST_SUITE("reminder") {
    TEST_CASE("what changes is due at once, what stays is due now and then") {
        base::Reminder reminder{seconds{60}};
        CHECK(reminder.is_due("broker away", at(0)));
        CHECK_FALSE(reminder.is_due("broker away", at(59)));
        CHECK(reminder.is_due("broker away", at(60)));
        CHECK_FALSE(reminder.is_due("broker away", at(119)));
        CHECK(reminder.is_due("wrong password", at(119)));
        CHECK(reminder.said() == "wrong password");
    }

    TEST_CASE("that all is well is due once, and only after something was wrong") {
        base::Reminder reminder{seconds{60}};
        CHECK_FALSE(reminder.is_due("", at(0)));
        CHECK(reminder.is_due("away", at(1)));
        CHECK(reminder.is_due("", at(2)));
        CHECK_FALSE(reminder.is_due("", at(1000)));
    }

    TEST_CASE("what was noted is not due, and after a clear nothing is left to say") {
        base::Reminder reminder;
        reminder.note("away", at(0));
        CHECK_FALSE(reminder.is_due("away", at(1)));
        reminder.clear();
        CHECK_FALSE(reminder.is_due("", at(2)));
        CHECK(reminder.is_due("away", at(3)));
    }

    TEST_CASE("without a pause only a change is due") {
        base::Reminder reminder;
        CHECK(reminder.is_due("away", at(0)));
        CHECK_FALSE(reminder.is_due("away", at(100'000)));
    }
}
