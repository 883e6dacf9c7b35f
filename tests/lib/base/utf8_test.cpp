#include "base/utf8.hpp"

#include <doctest/doctest.h>

TEST_SUITE("base/utf8") {
    TEST_CASE("a character is as long as it is, and what is none is one byte") {
        struct Case {
            std::string_view text;
            std::optional<char32_t> character;
            std::size_t bytes;
        };
        const Case cases[] = {
            {"a", U'a', 1},
            {"\x7f", 0x7f, 1},
            {"\xc2\x80", 0x80, 2},
            {"\xc3\xa4z", 0xe4, 2},
            {"\xe2\x82\xac", 0x20ac, 3},
            {"\xf0\x9f\x8c\xa1", 0x1f321, 4},
            {"\xf4\x8f\xbf\xbf", 0x10ffff, 4},
            {"\xb0"
             "C",
             std::nullopt, 1},                      // Latin-1
            {"\xc0\x80", std::nullopt, 1},          // longer than needed
            {"\xc1\xbf", std::nullopt, 1},          //
            {"\xe0\x9f\xbf", std::nullopt, 1},      //
            {"\xed\xa0\x80", std::nullopt, 1},      // half of a pair
            {"\xf4\x90\x80\x80", std::nullopt, 1},  // beyond the last
            {"\xe2\x82", std::nullopt, 1},          // cut off
            {"\xff", std::nullopt, 1},
        };
        for (const auto& one : cases) {
            CAPTURE(one.text);
            auto rest = one.text;
            CHECK(base::take_character(rest) == one.character);
            CHECK(rest == one.text.substr(one.bytes));
            if (one.character) {
                CHECK(base::to_utf8(*one.character) == one.text.substr(0, one.bytes));
            }
        }
    }

    TEST_CASE("text in any alphabet is shown as it is; what would disturb is escaped") {
        CHECK(base::printable("Кухня, κουζίνα, 厨房, مطبخ, 🌡") ==
              "Кухня, κουζίνα, 厨房, مطبخ, 🌡");
        CHECK(base::printable("a\x1b[31m\r\n\tb") == "a\\x1b[31m\\x0d\\x0a\\x09b");
        CHECK(base::printable("23 \xb0"
                              "C") == "23 \\xb0C");
        CHECK(base::printable("a\xe2\x80\xae"
                              "b") == "a\\xe2\\x80\\xaeb");  // the rest from right to left
        CHECK(base::printable("a\xc2\x85") == "a\\xc2\\x85");
        CHECK(base::printable("").empty());
    }

    TEST_CASE("a text that is too long is cut between two characters") {
        CHECK(base::printable("äöü", 3) == "äöü");
        CHECK(base::printable("äöü", 2) == "äö...");
        CHECK(base::printable("\xff\xfe", 1) == "\\xff...");
        CHECK(base::printable("ab", 0) == "...");
    }
}
