#include "odbc/utf16.hpp"

#include <doctest/doctest.h>

TEST_CASE("every character goes to UTF-16 and back") {
    for (char32_t character = 1; character <= 0x10ffff; character += 1 + character / 64) {
        if (character >= 0xd800 && character < 0xe000) continue;
        std::u16string units;
        if (character < 0x10000) {
            units = {static_cast<char16_t>(character)};
        } else {
            units = {static_cast<char16_t>(0xd7c0 + (character >> 10U)),
                     static_cast<char16_t>(0xdc00 + (character & 0x3ffU))};
        }
        const auto text = odbc::to_utf8(units);
        CHECK(odbc::to_utf16(text) == units);
        CHECK(odbc::utf16_units(text) == units.size());
    }
}

TEST_CASE("what is no text becomes none, and halves of characters become U+FFFD") {
    CHECK_FALSE(odbc::to_utf16("a\xff"));
    CHECK_FALSE(odbc::utf16_units("\xed\xa0\x80"));
    CHECK(odbc::to_utf8(u"a\xd800z") == "a\xef\xbf\xbdz");
    CHECK(odbc::to_utf8(std::u16string{0xdc00}) == "\xef\xbf\xbd");
}
