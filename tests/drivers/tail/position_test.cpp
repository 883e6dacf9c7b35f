#include "drivers/tail/position.hpp"

#include <doctest/doctest.h>

namespace {

drivers::tail::Position example() {
    return {.path = 0xfedcba9876543210U,
            .inode = 17,
            .device = 0xffffffffffffffffU,
            .offset = 10'000'000'000,
            .header_bytes = 20,
            .head_bytes = 1024,
            .head = 2,
            .tail_bytes = 1024,
            .tail = 3,
            .size = 10'000'000'007,
            .modified_us = 1'763'640'000'000'001,
            .header_at = 9'000'000'000,
            .time_ms = 1'763'640'000'000,
            .step_ms = 2000};
}

}  // namespace

TEST_CASE("a position is written as documented, and read back") {
    CHECK(to_text(example()) ==
          R"({"path":"fedcba9876543210","inode":"0000000000000011","device":"ffffffffffffffff",)"
          R"("offset":10000000000,"header_bytes":20,"head_bytes":1024,"head":"0000000000000002",)"
          R"("tail_bytes":1024,"tail":"0000000000000003","size":10000000007,)"
          R"("modified_us":1763640000000001,"header_at":9000000000,)"
          R"("time":1763640000000,"step":2000})");
    CHECK(drivers::tail::parse_position(to_text(example())).value() == example());
    auto without = example();
    without.header_at.reset();
    without.time_ms.reset();
    without.step_ms.reset();
    CHECK(drivers::tail::parse_position(to_text(without)).value() == without);
}

TEST_CASE("a text that lacks a part of a position is refused") {
    const auto text = to_text(example());
    for (const std::string name :
         {"path", "inode", "device", "offset", "header_bytes", "head_bytes", "head", "tail_bytes",
          "tail", "size", "modified_us"}) {
        CAPTURE(name);
        auto without = text;
        without.replace(without.find("\"" + name + "\""), name.size() + 2, "\"x\"");
        CHECK_FALSE(drivers::tail::parse_position(without));
    }
    for (const char* text_of_none : {"", "{}", "[]", "1", "{\"offset\":-1}"}) {
        CHECK_FALSE(drivers::tail::parse_position(text_of_none));
    }
    auto later = example();
    later.header_at = static_cast<std::int64_t>(later.offset);
    CHECK_FALSE(drivers::tail::parse_position(to_text(later)));
    auto beyond = example();
    beyond.offset = beyond.tail_bytes - 1;
    CHECK_FALSE(drivers::tail::parse_position(to_text(beyond)));
    auto nowhere = example();
    nowhere.inode = 0;
    CHECK_FALSE(drivers::tail::parse_position(to_text(nowhere)));
}
