#include "drivers/serial/text/lines.hpp"

#include <doctest/doctest.h>

#include "base/random.hpp"

using drivers::serial::Line;
using drivers::serial::Lines;

namespace {

struct Case {
    std::string name;
    std::string bytes;
    std::vector<Line> lines;
    Lines::Losses losses;
};

const std::string kLong(Lines::kLineBytesMax, 'x');

const std::vector<Case> kCases{
    {"lines", "a\nb\n", {{"a", true}, {"b", false}}, {}},
    {"CR and LF, both, and empty lines", "\r\na\r\n\nb\rc\n", {{"a"}, {"b"}, {"c"}}, {}},
    {"a line that has not ended", "\na\nb", {{"a"}}, {}},
    {"tabs and high bytes belong to a line", "\na\tb\xc3\xa9\n", {{"a\tb\xc3\xa9"}}, {}},
    {"a zero byte between lines", std::string("\na\n\0b\n", 6), {{"a"}, {"b", true}}, {1, 0}},
    {"a zero byte in a line", std::string("\nt=2\0003.4\nb\n", 11), {{"3.4", true}, {"b"}}, {4, 0}},
    {"escape and delete", "\nt\x1b!\x7fq\n", {{"q", true}}, {4, 0}},
    {"the longest line", "\n" + kLong + "\n", {{kLong}}, {}},
    {"a byte too many", "\n" + kLong + "y\nb\n", {{"b"}}, {0, 1}},
    {"noise in what is too long already", "\n" + kLong + "y\x01z\nb\n", {{"b"}}, {0, 1}},
};

}  // namespace

TEST_CASE("a stream is cut into lines, and everything else is counted") {
    for (const auto& row : kCases) {
        CAPTURE(row.name);
        Lines lines;
        CHECK(lines.feed(row.bytes) == row.lines);
        CHECK(lines.take_losses() == row.losses);
        CHECK(lines.take_losses() == Lines::Losses{});
    }
}

TEST_CASE("the pieces that the bytes come in make no difference") {
    for (const auto& row : kCases) {
        CAPTURE(row.name);
        for (std::size_t split = 0; split <= row.bytes.size(); ++split) {
            Lines lines;
            auto cut = lines.feed(row.bytes.substr(0, split));
            for (auto& line : lines.feed(row.bytes.substr(split))) cut.push_back(std::move(line));
            REQUIRE(cut == row.lines);
            REQUIRE(lines.take_losses() == row.losses);
        }
    }
}

TEST_CASE("after a new beginning the half line before it is forgotten") {
    Lines lines;
    lines.feed("\ntemperature=2");
    lines.reset();
    CHECK(lines.feed("3.4\nb\n") == std::vector<Line>{{"3.4", true}, {"b", false}});
}

TEST_CASE("whatever noise comes, a line after the next newline is whole") {
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
        CAPTURE(seed);
        base::Random random(seed);
        Lines lines;
        for (auto left = random.below(5000); left > 0; --left) {
            lines.feed(std::string(1, static_cast<char>(random.below(256))));
        }
        lines.feed("\n");
        CHECK(lines.feed("{\"n\":1}\n") == std::vector<Line>{{"{\"n\":1}", false}});
    }
}

TEST_CASE("colours are left out, and other commands to a terminal end a line") {
    Lines lines;
    lines.feed("\n");
    CHECK(lines.feed("\x1b[0;32mt=2\x1b[1m3\x1b[0m\r\n") == std::vector<Line>{{"t=23", false}});
    CHECK(lines.feed("\x1b[2J\x1b[1;1Ha=1\x1b[K\n") == std::vector<Line>{{"a=1", false}});
    CHECK(lines.feed("a=1\x1b[5;1Hb=2\n") == std::vector<Line>{{"a=1", false}, {"b=2", false}});
    CHECK(lines.take_losses() == Lines::Losses{});
}

TEST_CASE("an escape that begins no command is noise") {
    for (const std::string noise : {"\x1b", "\x1b\x1b", "\x1b[", "\x1b[0;", "\x1b[0,"}) {
        CAPTURE(noise);
        Lines lines;
        lines.feed("\n");
        const auto cut = lines.feed("t=2" + noise +
                                    "\x01"
                                    "3\nt=4\n");
        REQUIRE(cut.size() == 2);
        CHECK(cut[0].torn);
        CHECK(cut[1] == Line{"t=4", false});
        CHECK(lines.take_losses().noise_bytes > 3);
    }
}
