#include "base/text.hpp"

#include <doctest/doctest.h>

TEST_SUITE("base/text") {
    TEST_CASE("a shortened text is a beginning that cuts no character in two") {
        const std::string_view text = "a\xc3\xa4\xe2\x82\xac\xf0\x9f\x8c\xa1z";  // a ä € 🌡 z
        const std::size_t sizes[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 11, 11};
        for (std::size_t most = 0; most < std::size(sizes); ++most) {
            CAPTURE(most);
            CHECK(base::shortened(text, most) == text.substr(0, sizes[most]));
        }
    }

    TEST_CASE("bytes that are no UTF-8 are cut where asked") {
        const std::string_view text = "\x80\x80\x80\x80\x80\x80\x80\x80";
        CHECK(base::shortened(text, 6).size() == 6);
        CHECK(base::shortened(text, 0).empty());
        CHECK(base::shortened("\xc3\xc3\xc3", 2).size() == 2);
    }
}
