#include "base/text.hpp"

#include <doctest/doctest.h>

#include <array>
#include <vector>

TEST_SUITE("base/text") {
    TEST_CASE("a shortened text is a prefix that cuts no character in two") {
        const std::string_view text = "a\xc3\xa4\xe2\x82\xac\xf0\x9f\x8c\xa1z";  // a ä € 🌡 z
        const std::size_t sizes[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 11, 11};
        for (std::size_t most = 0; most < std::size(sizes); ++most) {
            CAPTURE(most);
            CHECK(base::shortened(text, most) == text.substr(0, sizes[most]));
        }
    }

    TEST_CASE("bytes that are not UTF-8 are cut where asked") {
        const std::string_view text = "\x80\x80\x80\x80\x80\x80\x80\x80";
        CHECK(base::shortened(text, 6).size() == 6);
        CHECK(base::shortened(text, 0).empty());
        CHECK(base::shortened("\xc3\xc3\xc3", 2).size() == 2);
    }

    TEST_CASE("every byte is two lower-case digits, and comes back") {
        std::vector<std::uint8_t> bytes(256);
        for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(i);
        const auto text = base::to_hex(bytes);
        CHECK(text.substr(0, 6) == "000102");
        CHECK(text.substr(506) == "fdfeff");
        std::vector<std::uint8_t> back(256);
        REQUIRE(base::from_hex(text, back));
        CHECK(back == bytes);
        CHECK(base::to_hex({}).empty());
        CHECK(base::from_hex("", {}));
    }

    TEST_CASE("text of another length or with another character is not hexadecimal") {
        std::array<std::uint8_t, 2> bytes{};
        CHECK(base::from_hex("0aff", bytes));
        for (const auto* wrong : {"", "0af", "0aff0", "0AFF", "0afg", " aff", "0x0a", "0a ff"}) {
            CAPTURE(wrong);
            CHECK_FALSE(base::from_hex(wrong, bytes));
        }
        CHECK_FALSE(base::from_hex(std::string_view{"0a\0f", 4}, bytes));
    }

    TEST_CASE("of 256 characters exactly sixteen are digits") {
        std::array<std::uint8_t, 1> byte{};
        int accepted = 0;
        for (int c = 0; c < 256; ++c) {
            const std::string text{'0', static_cast<char>(c)};
            if (base::from_hex(text, byte)) ++accepted;
        }
        CHECK(accepted == 16);
    }
}

TEST_CASE("only the letters A to Z have another form in lower case") {
    CHECK(base::lower("AZaz09_ÄÖ") == "azaz09_ÄÖ");
    CHECK(base::lower("").empty());
}

TEST_CASE("blanks go from both ends and stay within") {
    CHECK(base::trimmed(" \ta b\t ") == "a b");
    CHECK(base::trimmed("a b") == "a b");
    CHECK(base::trimmed(" \t ").empty());
    CHECK(base::trimmed("").empty());
    CHECK(base::trimmed("\ra\n") == "\ra\n");
    CHECK(base::trimmed("\ra\n", "\r\n") == "a");
}
