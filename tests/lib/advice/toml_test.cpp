// Goal: a file that is not TOML is told in words, with the line, and what to write there.
// Method: the mistakes that people make, through the real parser.
#include "advice/toml.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "base/settings.hpp"

namespace {

std::string wrong(const std::string& text) {
    const auto settings = base::Settings::parse(text, "f.toml");
    if (settings) return "nothing";
    CHECK(settings.error().fault == base::Fault::misconfigured);
    return settings.error().detail;
}

struct Row {
    std::string text;
    std::string told;
};

void check(const std::vector<Row>& rows) {
    for (const auto& row : rows) {
        CAPTURE(row.text);
        CHECK(wrong(row.text) == "f.toml:" + row.told);
    }
}

}  // namespace

TEST_CASE("a text without quotes, or with one, is told with the line as it should be") {
    check({
        {"name = attic\n", "1: a text needs quotes: name = \"attic\""},
        {"\n  name = attic # top\r\n", "2: a text needs quotes: name = \"attic\""},
        {"name = ${NODE}\n", "1: a text needs quotes: name = \"${NODE}\""},
        {"file = /var/log/x.csv\n", "1: a text needs quotes: file = \"/var/log/x.csv\""},
        {"address = tcp://a:1\n", "1: a text needs quotes: address = \"tcp://a:1\""},
        {"name = attic\"\n", "1: a text needs quotes: name = \"attic\""},
        {"file = C:\\leat\\x\n", "1: a text needs quotes: file = 'C:\\leat\\x'"},
        {"name = \"attic\n[broker]\n", "1: the quote at the end is missing: name = \"attic\""},
        {"name = 'attic\n", "1: the quote at the end is missing: name = 'attic'"},
        {"a = \"x\" y\"\n",
         "1: the text ends at its second quote, and more follows: for quotes inside a text "
         "write it in single quotes, '…'"},
        {"a = \"x\";\n", "1: take away the ; at the end"},
        {"a = \"x\",\n", "1: take away the , at the end"},
        {"file = \"C:\\leat\\x.db\"\n",
         "1: a backslash has a meaning in \"…\": write file = '…', in single quotes"},
        {"file = \"C:\\new\\\"\n",
         "1: a backslash before the last quote hides it: write the text in single quotes, "
         "'…'"},
    });
}

TEST_CASE("a value that is no text needs its own form") {
    check({
        {"flush = 2s\n", "1: what has a unit, or is no number, needs quotes: flush = \"2s\""},
        {"quota = 64 MiB\n",
         "1: what has a unit, or is no number, needs quotes: quota = \"64 MiB\""},
        {"host = 192.168.1.5\n",
         "1: what has a unit, or is no number, needs quotes: host = \"192.168.1.5\""},
        {"least = 1,5\n", "1: numbers have a decimal point: least = 1.5"},
        {"least = -1,5\n", "1: numbers have a decimal point: least = -1.5"},
        {"line = 04\n",
         "1: 04 is not a number as TOML writes them: digits before and behind the point, no "
         "zero in front"},
        {"least = .5\n",
         "1: .5 is not a number as TOML writes them: digits before and behind the point, no "
         "zero in front"},
        {"a = 5;\n", "1: take away the ; at the end"},
        {"thin = True\n", "1: write thin = true"},
        {"thin = yes\n", "1: write thin = true"},
        {"thin = OFF\n", "1: write thin = false"},
        {"a =\n", "1: a has no value"},
        {"a = # nothing\n", "1: a has no value"},
        {"a == 1\n", "1: one = is enough"},
        {"a := 1\n", "1: one = is enough, without a colon"},
        {"= 1\n", "1: there is no key before the ="},
        {"my key = 1\n",
         "1: a key with other characters than a-z, 0-9, _ and - needs quotes: \"my key\" = …"},
        {"größe = 1\n",
         "1: a key with other characters than a-z, 0-9, _ and - needs quotes: \"größe\" = …"},
    });
}

TEST_CASE("another format is called by its name") {
    check({
        {"node:\n  name: attic\n", "1: this looks like YAML: TOML writes [node], or node = …"},
        {"[node]\nname: attic\n", "2: this looks like YAML: TOML writes name = \"attic\""},
        {"[node]\nname: \"attic\"\n", "2: this looks like YAML: TOML writes name = \"attic\""},
        {"---\nname: x\n",
         "1: this looks like YAML, and leat reads TOML; `sample-config` prints a file to start "
         "from"},
        {"{\n  \"node\": {}\n}\n",
         "1: this is JSON, and leat reads TOML; `sample-config` prints a file to start from"},
        {std::string{"\xff\xfe[\0n\0", 6}, "1: the file is UTF-16: save it as UTF-8"},
        {"// a comment\n", "1: a comment begins with #"},
        {"; a comment\n", "1: a comment begins with #"},
        {"name attic\n", "1: a line is [table], key = value, or a comment that begins with #"},
    });
}

TEST_CASE("characters that only look right are named") {
    check({
        {"name = “attic”\n", "1: “ is a typographic quote: write straight ones, \"…\""},
        {"name = ‘attic’\n", "1: ‘ is a typographic quote: write straight ones, \"…\""},
        {"name\u00a0= \"attic\"\n",
         "1: there is an invisible character (a no-break space): type the line anew"},
    });
}

TEST_CASE("a table whose brackets are wrong, or that stands twice, is told with its twin") {
    check({
        {"[node\nname = \"a\"\n",
         "1: a bracket is missing: write [node], or [[node]] for one of a list"},
        {"[[sensor]\nname = \"a\"\n",
         "1: a bracket is missing: write [sensor], or [[sensor]] for one of a list"},
        {"[]\n", "1: the name between the brackets is missing"},
        {"[my node]\n", "1: write [\"my node\"], in quotes"},
        {"[broker]\na = 1\n[broker]\nb = 2\n",
         "3: [broker] stands in line 1, too: put the keys of both into one"},
        {"[sensor]\na = 1\n[sensor]\nb = 2\n",
         "3: sensor stands in line 1, too: for more than one, write [[sensor]] each time"},
        {"[sensor]\na = 1\n[[sensor]]\nb = 2\n",
         "3: sensor stands in line 1, too: for more than one, write [[sensor]] each time"},
        {"[b]\na = 1\na = 2\n", "3: a stands in line 2, too: leave one"},
        {"a = \"1\"\nb = 1\na = \"2\"\n", "3: a stands in line 1, too: leave one"},
    });
}

TEST_CASE("what looks odd and is TOML is read") {
    for (const char* text :
         {"\xef\xbb\xbf[node]\r\nname = \"a\"\r\n", "\t[node]\n\tname\t=\t\"a\"\n",
          "a = 'C:\\leat'\n", "a = \"C:\\\\leat\"\n", "", "\n\n# only this", "a = [1,\n2,\n]\n"}) {
        CAPTURE(text);
        CHECK(wrong(text) == "nothing");
    }
}

TEST_CASE("a secret is not shown") {
    for (const char* key : {"password", "api_token", "Secret", "private_key"}) {
        CAPTURE(key);
        for (const char* value : {" = hunter2\n", " = \"hunter2\n", ": hunter2\n"}) {
            const auto told = wrong(std::string{key} + value);
            CAPTURE(told);
            CHECK(told.find("hunter2") == std::string::npos);
            CHECK(told.find(key) != std::string::npos);
        }
    }
}