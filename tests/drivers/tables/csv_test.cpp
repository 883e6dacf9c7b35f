#include "drivers/tables/csv.hpp"

#include <doctest/doctest.h>

#include <fstream>

#include "base/random.hpp"
#include "drivers/replay/row_reader.hpp"
#include "support/temporary_folder.hpp"

namespace {

using Fields = std::vector<std::string>;
using Outcome = drivers::replay::RowReader::Outcome;

struct Read {
    std::string text;
    std::uint64_t line = 0;
    bool unreadable = false;
    std::uint64_t offset = 0;

    friend bool operator==(const Read&, const Read&) = default;
};

std::vector<Read> read_all(const std::string& content) {
    const support::TemporaryFolder folder;
    auto reader = drivers::replay::RowReader::open(folder.write("rows.csv", content), ',');
    REQUIRE(reader);
    auto rows = std::move(reader).value();
    std::vector<Read> result;
    drivers::replay::Row row;
    for (;;) {
        const auto outcome = rows.next(row);
        REQUIRE(outcome != Outcome::failed);
        if (outcome == Outcome::end) return result;
        if (outcome == Outcome::row) {
            result.push_back({std::string(row.text), row.line, row.unreadable, rows.offset()});
        }
    }
}

}  // namespace

TEST_CASE("a row splits into its fields") {
    struct Case {
        const char* name;
        const char* row;
        Fields fields;
    };
    const Case cases[] = {
        {"plain", "a,b,c", {"a", "b", "c"}},
        {"empty fields", ",,", {"", "", ""}},
        {"one field", "a", {"a"}},
        {"quoted", "\"a\",\"b\"", {"a", "b"}},
        {"separator within quotes", "\"a,b\",c", {"a,b", "c"}},
        {"newline within quotes", "\"a\nb\",c", {"a\nb", "c"}},
        {"doubled quote", "\"a\"\"b\",c", {"a\"b", "c"}},
        {"nothing but quotes", "\"\",\"\"\"\"", {"", "\""}},
        {"a quote within a plain field", "6\" nail,c", {"6\" nail", "c"}},
        {"blanks stay", " a , b ", {" a ", " b "}},
    };
    for (const auto& one : cases) {
        CAPTURE(one.name);
        Fields fields{"left", "from", "another", "row", "before"};
        REQUIRE(drivers::tables::split_row(one.row, ',', fields));
        CHECK(fields == one.fields);
    }
}

TEST_CASE("a text that is not a row is refused") {
    Fields fields;
    CHECK_FALSE(drivers::tables::split_row("\"a", ',', fields));
    CHECK_FALSE(drivers::tables::split_row("\"a\"b,c", ',', fields));
    CHECK_FALSE(drivers::tables::split_row("a,\"", ',', fields));
    CHECK_FALSE(
        drivers::tables::split_row(std::string(drivers::tables::kFieldsMax, ','), ',', fields));
    CHECK(
        drivers::tables::split_row(std::string(drivers::tables::kFieldsMax - 1, ','), ',', fields));
}

TEST_CASE("any fields written as RFC 4180 says are read back") {
    base::Random random(11);
    const std::string letters = "ab,\"\n\r;";
    for (int i = 0; i < 5000; ++i) {
        Fields fields(1 + random.below(5));
        std::string row;
        for (auto& field : fields) {
            field.resize(random.below(6));
            for (auto& c : field) c = letters[random.below(letters.size())];
            if (&field != &fields.front()) row += ',';
            row += '"';
            for (const char c : field) row += c == '"' ? "\"\"" : std::string(1, c);
            row += '"';
        }
        CAPTURE(row);
        Fields back;
        REQUIRE(drivers::tables::split_row(row, ',', back));
        CHECK(back == fields);
        CHECK(drivers::tables::row_length(row + "\nnext\n", ',') == row.size() + 1);
    }
}

TEST_CASE("a row ends at the first newline outside of quotes") {
    using drivers::tables::row_length;
    CHECK(row_length("a,b\nc", ',') == 4);
    CHECK(row_length("\"a\n\",b\nc", ',') == 7);
    CHECK(row_length("\"a\"\"\n\"\nc", ',') == 7);
    CHECK(row_length("6\" nail\nc", ',') == 8);
    CHECK(row_length("a\"\"b\nc", ',') == 5);
    CHECK(row_length("a;\"b\nc\"\nd", ';') == 8);
    CHECK(row_length("a;\"b\nc\"\nd", ',') == 5);
    CHECK_FALSE(row_length("a,b", ','));
    CHECK_FALSE(row_length("\"a\nb\nc\n", ','));
    CHECK_FALSE(row_length("", ','));
}

TEST_CASE("a file gives its rows with their lines, whatever ends them") {
    CHECK(read_all("a\nb\n") == std::vector<Read>{{"a\n", 1, false, 2}, {"b\n", 2, false, 4}});
    CHECK(read_all("a\r\nb") == std::vector<Read>{{"a\r\n", 1, false, 3}, {"b", 2, false, 4}});
    CHECK(read_all("\"x\ny\"\nb\n") ==
          std::vector<Read>{{"\"x\ny\"\n", 1, false, 6}, {"b\n", 3, false, 8}});
    CHECK(read_all("").empty());
    CHECK(drivers::tables::without_newline("a\r\n") == "a");
    CHECK(drivers::tables::without_newline("a\n") == "a");
    CHECK(drivers::tables::without_newline("a") == "a");
}

TEST_CASE("a quote that is never closed costs one line") {
    const auto rows = read_all("a\n\"b\nc\nd\n");
    REQUIRE(rows.size() == 4);
    CHECK(rows[1] == Read{"\"b\n", 2, true, 5});
    CHECK(rows[2] == Read{"c\n", 3, false, 7});

    std::string content = "\"b\n";
    for (std::size_t i = 0; i < drivers::tables::kRowBytesMax; ++i) content += "c\n";
    const auto many = read_all(content);
    REQUIRE(many.size() == drivers::tables::kRowBytesMax + 1);
    CHECK(many[0].unreadable);
    CHECK(many[1] == Read{"c\n", 2, false, 5});
}

TEST_CASE("a line that is too long is one unreadable row, and the next one is read") {
    for (const std::size_t length :
         {drivers::tables::kRowBytesMax, std::size_t{300'000}, std::size_t{2'000'000}}) {
        CAPTURE(length);
        const auto rows = read_all("a\n" + std::string(length, 'x') + "\nb\n");
        REQUIRE(rows.size() == 3);
        CHECK(rows[1].unreadable);
        CHECK(rows[1].line == 2);
        CHECK(rows[1].offset == length + 3);
        CHECK(rows[2] == Read{"b\n", 3, false, length + 5});
    }
    const auto rows = read_all("a\n" + std::string(1'000'000, 'x'));
    REQUIRE(rows.size() == 2);
    CHECK(rows[1].unreadable);
    CHECK(rows[1].offset == 1'000'002);
    const auto longest = read_all(std::string(drivers::tables::kRowBytesMax - 1, 'x') + "\nb\n");
    REQUIRE(longest.size() == 2);
    CHECK_FALSE(longest[0].unreadable);
}

TEST_CASE("only a regular file is opened") {
    const support::TemporaryFolder folder;
    CHECK_FALSE(drivers::replay::RowReader::open(folder.file("missing.csv"), ','));
    CHECK_FALSE(drivers::replay::RowReader::open(folder.path().string(), ','));
    CHECK_FALSE(drivers::replay::RowReader::open("/dev/null", ','));
}
