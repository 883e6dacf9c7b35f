// Goal: an operator's table is read as it was meant, or refused with the line of every mistake.

#include "central/dimensions/csv/table.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>

#include "base/random.hpp"

namespace {

using dimensions::csv::read_table;
using Tags = std::vector<std::string>;

/// Noon of 2026-01-31, UTC.
constexpr std::int64_t kNoonMs = 1'769'860'800'000;

dimensions::csv::Table good(const std::string& text) {
    const auto table = read_table(text);
    REQUIRE_MESSAGE(table, (table ? "" : table.error().detail));
    return table.value();
}

std::string refusal(const std::string& text) {
    const auto table = read_table(text);
    REQUIRE_FALSE(table);
    CHECK(table.error().fault == base::Fault::malformed);
    return table.error().detail;
}

}  // namespace

TEST_SUITE("dimensions/table") {
    TEST_CASE("rows say where series are, from when and until when") {
        const auto table = good(
            "node,series,location,tags,valid_from,valid_to\n"
            "attic,climate.temperature,/house/attic,TI-1  outdoor,2026-01-31,"
            "2026-01-31T13:00:00+01:00\n"
            "\n"
            "cellar, ,  /house/cellar ,,,\r\n"
            "cellar,a.b,,,2026-01-31T12:00:00Z,");
        REQUIRE(table.statements.size() == 3);
        CHECK(table.meanings.empty());
        const auto& first = table.statements[0];
        CHECK(first.is_imported);
        CHECK(first.node == "attic");
        CHECK(first.series == "climate.temperature");
        CHECK(first.location == "/house/attic");
        CHECK(first.tags == Tags{"TI-1", "outdoor"});
        CHECK(first.from == base::from_milliseconds(kNoonMs - 12 * 3'600'000));
        CHECK(first.to == base::from_milliseconds(kNoonMs));
        const auto& second = table.statements[1];
        CHECK(second.series.empty());
        CHECK(second.location == "/house/cellar");
        CHECK(second.tags == Tags{});
        CHECK(second.from == base::EventTime{});
        CHECK_FALSE(second.to);
        CHECK(table.statements[2].location == "");
        CHECK(table.statements[2].from == base::from_milliseconds(kNoonMs));
    }

    TEST_CASE("a column that is not there says nothing") {
        const auto places = good("location;node\n/a;attic\n");
        CHECK(places.statements.at(0).location == "/a");
        CHECK_FALSE(places.statements.at(0).tags);
        const auto tags = good("\xef\xbb\xbfNode\tTags\nattic\tx\n");
        CHECK_FALSE(tags.statements.at(0).location);
        CHECK(tags.statements.at(0).tags == Tags{"x"});
    }

    TEST_CASE("rows say what tags mean") {
        const auto table = good(
            "tag,path,description,integrity,valid_from\n"
            "TI-1,\"plant, hall 3\",\"says \"\"warm\"\"\",validated,2026-01-31\n"
            "TI-1,plant,,,2026-02-01\n");
        REQUIRE(table.meanings.size() == 2);
        CHECK(table.statements.empty());
        CHECK(table.meanings[0].path == "plant, hall 3");
        CHECK(table.meanings[0].description == "says \"warm\"");
        CHECK(table.meanings[0].integrity == "validated");
        CHECK(table.meanings[1].description.empty());
    }

    TEST_CASE("a header that cannot be understood is refused, with what to write") {
        struct Row {
            const char* text;
            const char* reason;
        };
        const std::vector<Row> rows{
            {"", "needs a column node"},
            {"location\n/a\n", "needs a column node"},
            {"node,tag,location\na,b,/a\n", "not both"},
            {"node,lokation\nattic,/a\n", "did you mean location?"},
            {"node,description,location\na,b,/c\n", "\"description\" is not one of the columns"},
            {"node,location,location\na,/a,/a\n", "location is there twice"},
            {"node,series,valid_from\na,b.c,\n", "there must be location, or tags"},
            {"node,\"location\nattic,/a\n", "not a row of a table"},
            {"\xff\xfen\0o\0", "UTF-16"},
            {"node,location\n", "no row under it"},
            {"node,location\n\n \n", "no row under it"}};
        for (const auto& row : rows) {
            CAPTURE(row.text);
            const auto detail = refusal(row.text);
            CAPTURE(detail);
            CHECK(detail.find(row.reason) != std::string::npos);
        }
    }

    TEST_CASE("every mistake in a row is told with its line") {
        const auto detail = refusal(
            "node,series,location,tags,valid_from,valid_to\n"  // 1
            "Attic,,/a,,,\n"                                   // 2
            "attic,temperature,/a,,,\n"                        // 3
            "attic,,attic,,,\n"                                // 4
            "attic,c.d,/a,x x,,\n"                             // 5
            "attic,d.d,/a,a/b,,\n"                             // 6
            "attic,e.d,/a,,2026-01-31T12:00:00,\n"             // 7
            "attic,f.d,/a,,31.01.2026,\n"                      // 8
            "attic,g.d,/a,,2026-01-31,2026-01-30\n"            // 9
            "attic,h.d,/a\n"                                   // 10
            "attic,i.d,/a,,,,\n"                               // 11
            "attic,j.d,\"/a\"b,,,\n"                           // 12
            "attic,\"k.d\n\",/a,,,\n"                          // 13 and 14
            "att\x1b[2Jic,,/b,,,\n");                          // 15
        for (const auto* part :
             {"line 2: \"Attic\" is no name of a node", "line 3: \"temperature\" is no series",
              "line 4: \"attic\" is no location", "line 5: \"x x\" are no tags",
              "line 6: \"a/b\" are no tags",
              "line 7: valid_from \"2026-01-31T12:00:00\" is neither",
              "line 8: valid_from \"31.01.2026\" is neither",
              "line 9: valid_to is not after valid_from", "line 10: 3 fields instead of 6",
              "line 11: 7 fields instead of 6", "line 12: the quotes are wrong",
              "line 13: \"k.d\\x0a\" is no series", "line 15: \"att\\x1b[2Jic\" is no name"}) {
            CAPTURE(detail);
            CAPTURE(part);
            CHECK(detail.find(part) != std::string::npos);
        }
    }

    TEST_CASE("what holds at the same time as another row is refused, with both lines") {
        CHECK(refusal("node,location,valid_from,valid_to\n"
                      "attic,/b,2026-02-01,\n"
                      "attic,/a,2026-01-01,2026-02-02\n") ==
              "line 2: it begins before line 3 ends");
        CHECK(refusal("node,location\nattic,/a\nattic,/b\n") ==
              "line 3: it begins when line 2 does");
        CHECK(refusal("tag,description\nx,a\nx,b\n") == "line 3: it begins when line 2 does");
        // An end may be the begin of the next, and other series are other rows.
        CHECK(good("node,series,location,valid_from,valid_to\n"
                   "attic,,/a,2026-01-01,2026-02-01\n"
                   "attic,,/b,2026-02-01,\n"
                   "attic,a.b,/c,2026-01-15,\n")
                  .statements.size() == 3);
    }

    TEST_CASE("where a row names no node and no tag, no part of the table is good") {
        const auto part = dimensions::csv::read_good_part(
            "node,location,valid_from\nattic,/a,\ncellar,/c,\ncellar,wrong,2026-01-01\n");
        REQUIRE(part);
        REQUIRE(part.value().table.statements.size() == 1);
        CHECK(part.value().table.statements[0].node == "attic");
        CHECK(part.value().left_out == 1);
        for (const char* text :
             {"node,location,valid_from\nattic,/a,\natt ic,/b,2026-01-01\ncellar,/c,\n",
              "tag,path,valid_from\nTI-1,a,\nTI/1,b,2026-01-01\n"}) {
            CAPTURE(text);
            const auto refused = dimensions::csv::read_good_part(text);
            REQUIRE_FALSE(refused);
            CHECK(refused.error().detail.starts_with("line 3: "));
        }
    }

    TEST_CASE("words that could disturb a screen, or are too many, are refused") {
        CHECK(refusal("tag,description\nx,a\x1b[2J\n").find("cannot be shown") !=
              std::string::npos);
        CHECK(refusal("tag,path\nx," + std::string(257, 'a') + "\n").find("256 bytes") !=
              std::string::npos);
        CHECK(good("tag,path\nx," + std::string(256, 'a') + "\n").meanings.size() == 1);
        // As Excel writes it on Windows.
        CHECK(good("tag,description\nx,K\xfc"
                   "che\n")
                  .meanings[0]
                  .description ==
              "K\xc3\xbc"
              "che");
    }

    TEST_CASE("many mistakes are counted, and a large file is refused whole") {
        std::string text = "node,location\n";
        for (int i = 0; i < 1'000; ++i) text += "attic,nowhere\n";
        const auto detail = refusal(text);
        CHECK(detail.size() < 4'000);
        CHECK(detail.find("more") != std::string::npos);
        CHECK(refusal(std::string(dimensions::csv::kTableBytesMax + 1, 'x')).find("16 MiB") !=
              std::string::npos);
        text = "node,location\n";
        for (std::size_t i = 0; i <= dimensions::csv::kTableRowsMax; ++i) text += "n,/a\n";
        CHECK(refusal(text).find("more than 100000 rows") != std::string::npos);
    }

    TEST_CASE("damaged bytes are refused or read, and nothing else") {
        const std::string whole =
            "node,series,location,tags,valid_from,valid_to\n"
            "attic,a.b,/house/attic,\"x y\",2026-01-01,2026-02-01\n"
            "cellar,,/house/cellar,,,\n";
        base::Random random{11};
        std::size_t refused = 0;
        for (int round = 0; round < 2'000; ++round) {
            auto text = whole;
            for (auto left = 1 + random.below(4); left > 0; --left) {
                text[random.below(text.size())] = static_cast<char>(random.below(256));
            }
            if (random.chance(1, 4)) text.resize(random.below(text.size()));
            if (!read_table(text)) ++refused;
        }
        CHECK(refused > 1'000);
        CHECK(refused < 2'000);
    }
}
