#include "drivers/replay/position.hpp"

#include <doctest/doctest.h>

namespace {

drivers::replay::Position example() {
    return {.edition = 2,
            .offset = 1234,
            .line = 17,
            .row = 15,
            .pass = 3,
            .shift_ms = 86'400'000,
            .latest_ms = 1'423'051'200'000,
            .time_ms = 1'423'051'100'000,
            .step_ms = 60'000,
            .header_at = 700,
            .first_line_hash = 0xfedcba9876543210U,
            .tail_hash = 1,
            .tail_bytes = 40,
            .read_hash = 2,
            .imports = {{.bytes = 99, .hash = 3, .header_at = 5}, {.bytes = 7, .hash = 4}}};
}

}  // namespace

TEST_CASE("a position is written as documented, and read back") {
    CHECK(to_text(example()) ==
          R"({"edition":2,"offset":1234,"line":17,"row":15,"pass":3,"shift":86400000,)"
          R"("latest":1423051200000,"time":1423051100000,"step":60000,"header_at":700,)"
          R"("first_line":"fedcba9876543210","tail":"0000000000000001","tail_bytes":40,)"
          R"("read":"0000000000000002","imports":[{"bytes":99,"hash":"0000000000000003",)"
          R"("header_at":5},{"bytes":7,"hash":"0000000000000004"}]})");
    CHECK(drivers::replay::parse_position(to_text(example())).value() == example());
    auto without = example();
    without.latest_ms.reset();
    without.time_ms.reset();
    without.header_at.reset();
    without.step_ms.reset();
    without.read_hash.reset();
    without.imports.clear();
    CHECK(drivers::replay::parse_position(to_text(without)).value() == without);
}

TEST_CASE("a text that lacks a part of a position is refused") {
    const auto text = to_text(example());
    for (const std::string name : {"edition", "offset", "line", "row", "pass", "shift",
                                   "first_line", "tail", "tail_bytes", "bytes", "hash"}) {
        CAPTURE(name);
        auto without = text;
        without.replace(without.find("\"" + name + "\""), name.size() + 2, "\"x\"");
        CHECK_FALSE(drivers::replay::parse_position(without));
    }
    for (const char* text_of_none : {"", "{}", "[]", "1", "{\"offset\":-1}"}) {
        CHECK_FALSE(drivers::replay::parse_position(text_of_none));
    }
    auto many = example();
    many.imports.resize(drivers::replay::kImportsMax + 1);
    CHECK_FALSE(drivers::replay::parse_position(to_text(many)));
    auto later = example();
    later.header_at = static_cast<std::int64_t>(later.offset);
    CHECK_FALSE(drivers::replay::parse_position(to_text(later)));
    auto beyond = example();
    beyond.tail_bytes = beyond.offset + 1;
    CHECK_FALSE(drivers::replay::parse_position(to_text(beyond)));
}
