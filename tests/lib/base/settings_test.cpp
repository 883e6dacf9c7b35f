#include "base/settings.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <cstdlib>
#include <limits>

#include "support/temporary_folder.hpp"

using base::Duration;
using base::Settings;
using namespace std::chrono_literals;

namespace {

Settings parsed(std::string_view text) {
    auto settings = Settings::parse(text, "node.toml");
    REQUIRE_MESSAGE(settings, text);
    return std::move(settings).value();
}

/// Everything that is wrong, one a line; empty if nothing is.
std::string wrong(const Settings& settings) {
    const auto status = settings.check();
    if (status) return {};
    CHECK(status.error().fault == base::Fault::misconfigured);
    return status.error().detail;
}

}  // namespace

TEST_SUITE("base/settings") {
    TEST_CASE("a value that is there is read, one that is not falls back") {
        auto settings = parsed(
            "name = \"attic\"\n"
            "on = true\n"
            "count = 7\n"
            "factor = 2.5\n"
            "whole = 3\n"
            "flush = \"250ms\"\n"
            "quota = \"64MiB\"\n"
            "mode = \"durable\"\n"
            "words = [\"a\", \"b\"]\n");
        CHECK(settings.text("name", "x") == "attic");
        CHECK(settings.boolean("on", false));
        CHECK(settings.integer("count", 1, 0, 10) == 7);
        CHECK(settings.number("factor", 1, 0, 10) == 2.5);
        CHECK(settings.number("whole", 1, 0, 10) == 3);
        CHECK(settings.duration("flush", 2s, 1ms, 1h) == 250ms);
        CHECK(settings.bytes("quota", 1, 0, std::uint64_t{1} << 40U) == 64U << 20U);
        CHECK(settings.choice("mode", "applied", {"applied", "durable"}) == "durable");
        CHECK(settings.texts("words") == std::vector<std::string>{"a", "b"});
        CHECK(settings.text("no_name", "x") == "x");
        CHECK_FALSE(settings.optional_text("no_text"));
        CHECK(settings.boolean("no_on", true));
        CHECK(settings.integer("no_count", 4, 0, 10) == 4);
        CHECK(settings.number("no_factor", 4.5, 0, 10) == 4.5);
        CHECK(settings.duration("no_flush", 2s, 1ms, 1h) == 2s);
        CHECK(settings.bytes("no_quota", 9, 0, 10) == 9);
        CHECK(settings.choice("no_mode", "applied", {"applied", "durable"}) == "applied");
        CHECK(settings.texts("no_words", {"z"}) == std::vector<std::string>{"z"});
        CHECK(wrong(settings).empty());
    }

    TEST_CASE(
        "each kind of mistake is told with its place, what is wrong and what would be right") {
        struct Row {
            const char* line;
            void (*ask)(Settings&);
            const char* expected;
        };
        const Row rows[] = {
            {"k = 1", [](Settings& s) { s.text("k", ""); },
             "k must be a text in quotes: write k = \"1\""},
            {"k = [\"a\"]", [](Settings& s) { s.required_text("k"); },
             "k must be a text in quotes"},
            {"k = \"true\"", [](Settings& s) { s.boolean("k", false); },
             "k must be true or false: write k = true"},
            {"k = \"1\"", [](Settings& s) { s.integer("k", 1, 0, 9); },
             "k must be a whole number: write k = 1"},
            {"k = 1.0", [](Settings& s) { s.integer("k", 1, 0, 9); },
             "k must be a whole number: write k = 1"},
            {"k = 1.5", [](Settings& s) { s.integer("k", 1, 0, 9); }, "k must be a whole number"},
            {"k = \"on\"", [](Settings& s) { s.optional_boolean("k"); },
             "k must be true or false: write k = true"},
            {"k = 0", [](Settings& s) { s.boolean("k", true); },
             "k must be true or false: write k = false"},
            {"k = \"2,5\"", [](Settings& s) { s.optional_number("k", 0, 9); },
             "k must be a number: write k = 2.5"},
            {"k = \"warm\"", [](Settings& s) { s.number("k", 1, 0, 9); }, "k must be a number"},
            {"k = 2.5", [](Settings& s) { s.text("k", ""); },
             "k must be a text in quotes: write k = \"2.5\""},
            {"k = true", [](Settings& s) { s.choice("k", "a", {"a"}); },
             "k must be a text in quotes: write k = \"true\""},
            {"k = 10", [](Settings& s) { s.integer("k", 1, 0, 9); },
             "k = 10 is out of range: 0 to 9"},
            {"k = -1", [](Settings& s) { s.integer("k", 1, 0, 9); },
             "k = -1 is out of range: 0 to 9"},
            {"k = \"1\"", [](Settings& s) { s.number("k", 1, 0, 9); },
             "k must be a number: write k = 1"},
            {"k = true", [](Settings& s) { s.number("k", 1, 0, 9); }, "k must be a number"},
            {"k = 9.5", [](Settings& s) { s.number("k", 1, 0, 9); },
             "k = 9.5 is out of range: 0 to 9"},
            {"k = nan", [](Settings& s) { s.number("k", 1, 0, 9); },
             "k = nan is out of range: 0 to 9"},
            {"k = inf", [](Settings& s) { s.number("k", 1, 0, 9); },
             "k = inf is out of range: 0 to 9"},
            {"k = 2", [](Settings& s) { s.duration("k", 2s, 1s, 1h); },
             "k needs a unit, in quotes: \"2s\", or ms, m, h, d"},
            {"k = \"2\"", [](Settings& s) { s.duration("k", 2s, 1s, 1h); },
             "k: \"2\" has no unit; write \"2s\", or \"250ms\", \"2s\", \"5m\" or \"1h\""},
            {"k = \"2 sec\"", [](Settings& s) { s.duration("k", 2s, 1s, 1h); },
             "k: \"2 sec\" is not understood; did you mean \"2s\"?"},
            {"k = \"5 m\"", [](Settings& s) { s.duration("k", 2s, 1s, 1h); },
             "k: \"5 m\" is not understood; did you mean \"5m\"?"},
            {"k = \"1.5s\"", [](Settings& s) { s.duration("k", 2s, 1s, 1h); },
             "k: \"1.5s\" is not understood; write a whole number, like \"250ms\", \"2s\", \"5m\" "
             "or "
             "\"1h\""},
            {"k = \"soon\"", [](Settings& s) { s.duration("k", 2s, 1s, 1h); },
             "k: \"soon\" is not understood; write it like \"250ms\", \"2s\", \"5m\" or \"1h\""},
            {"k = 7", [](Settings& s) { s.bytes("k", 1, 0, 9); },
             "k needs a unit, in quotes: \"7MiB\", or B, KiB, GiB, TiB"},
            {"k = \"64\"", [](Settings& s) { s.bytes("k", 1, 0, 9); },
             "k: \"64\" has no unit; write \"64MiB\", or \"512KiB\", \"64MiB\" or \"2GiB\""},
            {"k = \"10ms\"", [](Settings& s) { s.duration("k", 2s, 1s, 1h); },
             "k = 10ms is out of range: 1s to 1h"},
            {"k = \"2h\"", [](Settings& s) { s.duration("k", 2s, 1500ms, 1h); },
             "k = 2h is out of range: 1500ms to 1h"},
            {"k = \"1MB\"", [](Settings& s) { s.bytes("k", 1, 0, 9); },
             "k: \"1MB\" is not understood; did you mean \"1MiB\"?"},
            {"k = \"1KiB\"", [](Settings& s) { s.bytes("k", 1, 0, 9); },
             "k = 1KiB is out of range: 0B to 9B"},
            {"k = \"duable\"",
             [](Settings& s) {
                 s.choice("k", "applied", {"applied", "durable"});
             },
             "k = \"duable\" is not one of: applied, durable; did you mean \"durable\"?"},
            {"k = \"DURABLE\"",
             [](Settings& s) {
                 s.choice("k", "applied", {"applied", "durable"});
             },
             "k = \"DURABLE\" is not one of: applied, durable; did you mean \"durable\"?"},
            {"k = \"xyz\"",
             [](Settings& s) {
                 s.choice("k", "applied", {"applied", "durable"});
             },
             "k = \"xyz\" is not one of: applied, durable"},
            {"k = \"a\"", [](Settings& s) { s.texts("k"); },
             "k must be a list of texts: write k = [\"a\"]"},
            {"k = [\"a\", 1, 2]", [](Settings& s) { s.texts("k"); }, "k must hold texts only"},
            {"k = 1", [](Settings& s) { s.table("k"); },
             "k must be a table: write [k], and its keys below"},
            {"k = 1", [](Settings& s) { s.tables("k"); }, "k must be written as [[k]]"},
            {"k = [1, 2]", [](Settings& s) { s.tables("k"); }, "k must be written as [[k]]"},
            {"k = \"${LEAT_TEST_ABSENT}\"", [](Settings& s) { s.text("k", ""); },
             "k: the variable LEAT_TEST_ABSENT is not set"},
            {"k = [\"${LEAT_TEST_ABSENT}\"]", [](Settings& s) { s.texts("k"); },
             "k: the variable LEAT_TEST_ABSENT is not set"},
            {"k = \"x\"",
             [](Settings& s) {
                 s.text("k", "");
                 s.refuse("k", "k is not to my taste");
             },
             "k is not to my taste"},
        };
        for (const auto& row : rows) {
            CAPTURE(row.line);
            auto settings = parsed("# one line before\n" + std::string{row.line} + "\n");
            row.ask(settings);
            CHECK(wrong(settings) == std::string{"node.toml:2: "} + row.expected);
        }
    }

    TEST_CASE("both ends of a range are in it") {
        auto settings =
            parsed("a = 0\nb = 9\nc = 1.5\nd = 2.5\ne = \"1s\"\nf = \"1h\"\ng = \"1B\"\n");
        CHECK(settings.integer("a", 5, 0, 9) == 0);
        CHECK(settings.integer("b", 5, 0, 9) == 9);
        CHECK(settings.number("c", 2, 1.5, 2.5) == 1.5);
        CHECK(settings.number("d", 2, 1.5, 2.5) == 2.5);
        CHECK(settings.duration("e", 2s, 1s, 1h) == 1s);
        CHECK(settings.duration("f", 2s, 1s, 1h) == 1h);
        CHECK(settings.bytes("g", 5, 1, 1) == 1);
        CHECK(wrong(settings).empty());
    }

    TEST_CASE("a refused value is not used") {
        auto settings = parsed("a = 99\nb = \"9h\"\nc = \"9GiB\"\nd = \"x\"\ne = 0.5\n");
        CHECK(settings.integer("a", 5, 0, 9) == 5);
        CHECK(settings.duration("b", 2s, 1s, 1h) == 2s);
        CHECK(settings.bytes("c", 7, 0, 9) == 7);
        CHECK(settings.choice("d", "applied", {"applied"}) == "applied");
        CHECK(settings.number("e", 3, 1, 9) == 3);
    }

    TEST_CASE("a missing text is reported at its table") {
        auto settings = parsed("\n[broker]\nport = 1883\n\n[redis]\n");
        auto broker = settings.table("broker");
        broker.integer("port", 1, 1, 65535);
        CHECK(broker.required_text("host").empty());
        settings.table("redis").required_text("host");
        settings.table("sink").required_text("path");
        CHECK(wrong(settings) ==
              "node.toml:1: sink.path is missing\n"
              "node.toml:2: broker.host is missing\n"
              "node.toml:5: redis.host is missing");
    }

    TEST_CASE("a key that nobody asks for is an error that names the nearest") {
        auto settings = parsed("prot = 1\n\n[broker]\nhots = \"x\"\nzzzzzz = 1\n[brokre]\n");
        settings.integer("port", 1, 0, 9);
        auto broker = settings.table("broker");
        broker.text("host", "");
        CHECK(wrong(settings) ==
              "node.toml:1: unknown key \"prot\"; did you mean \"port\"?\n"
              "node.toml:4: unknown key \"broker.hots\"; did you mean \"host\"?\n"
              "node.toml:5: unknown key \"broker.zzzzzz\"; known here: host\n"
              "node.toml:6: unknown key \"brokre\"; did you mean \"broker\"?");
    }

    TEST_CASE("a key of another table, and a key that people expect, are told where to go") {
        auto settings = parsed("[a]\nsize = 1\npassword = \"x\"\n[b]\n");
        auto a = settings.table("a");
        a.text("name", "");
        a.advise("password", "passwords stand in a file of their own");
        settings.table("b").integer("size", 1, 0, 9);
        CHECK(wrong(settings) ==
              "node.toml:2: unknown key \"a.size\"; it belongs to [b]\n"
              "node.toml:3: unknown key \"a.password\": passwords stand in a file of their own");
    }

    TEST_CASE("all mistakes in the file are reported at once, in the order of its lines") {
        auto settings = parsed("a = 1\nb = 2\n[t]\nc = \"x\"\n[[s]]\nd = 1\n[[s]]\nd = 2\n");
        for (auto& table : settings.tables("s")) table.boolean("d", false);
        settings.table("t").integer("c", 1, 0, 9);
        settings.text("b", "");
        CHECK(wrong(settings) ==
              "node.toml:1: unknown key \"a\"; known here: b, s, t\n"
              "node.toml:2: b must be a text in quotes: write b = \"2\"\n"
              "node.toml:4: t.c must be a whole number\n"
              "node.toml:6: s.d must be true or false: write d = true\n"
              "node.toml:8: s.d must be true or false");
    }

    TEST_CASE("a key that is asked for twice is one mistake") {
        auto settings = parsed("k = 1\n");
        settings.optional_text("k");
        settings.text("k", "");
        CHECK(wrong(settings) == "node.toml:1: k must be a text in quotes: write k = \"1\"");
    }

    TEST_CASE("a table that is opened twice knows the keys of both times") {
        auto settings = parsed("[broker]\nhost = \"h\"\nport = 1\n[[s]]\na = 1\nb = 2\n");
        settings.table("broker").text("host", "");
        settings.table("broker").integer("port", 1, 0, 9);
        settings.tables("s").at(0).integer("a", 0, 0, 9);
        settings.tables("s").at(0).integer("b", 0, 0, 9);
        settings.table("absent").text("x", "");
        settings.table("absent").text("y", "");
        CHECK(wrong(settings).empty());
    }

    TEST_CASE("tables nest, and their keys are named in full") {
        auto settings =
            parsed("[a.b]\nk = 1\n\n[[a.c]]\nn = 1\n[[a.c]]\nn = 2\nd = { e = true }\n");
        auto a = settings.table("a");
        a.table("b").text("k", "");
        auto list = a.tables("c");
        REQUIRE(list.size() == 2);
        CHECK(list[0].integer("n", 0, 0, 9) == 1);
        CHECK(list[1].integer("n", 0, 0, 9) == 2);
        CHECK(list[1].table("d").boolean("e", false));
        CHECK(list[1].place() == "node.toml:6");
        CHECK(list[1].place("d") == "node.toml:8");
        CHECK(wrong(settings) == "node.toml:2: a.b.k must be a text in quotes: write k = \"1\"");
    }

    TEST_CASE("a table outlives the settings it came from") {
        auto inner = [] { return parsed("[a]\n[a.b]\nk = \"v\"\n").table("a").table("b"); }();
        CHECK(inner.text("k", "") == "v");
        CHECK(inner.place("k") == "node.toml:3");
    }

    TEST_CASE("free keys come in the order of the file, and none of them is an error") {
        auto settings = parsed("[columns]\nz = \"1\"\na = \"2\"\nm = \"3\"\n");
        auto columns = settings.table("columns");
        CHECK(columns.keys() == std::vector<std::string>{"z", "a", "m"});
        CHECK(columns.has("z"));
        CHECK_FALSE(columns.has("y"));
        CHECK(columns.written("y").empty());
        using Pairs = std::vector<std::pair<std::string, std::string>>;
        CHECK(columns.pairs() == Pairs{{"z", "1"}, {"a", "2"}, {"m", "3"}});
        CHECK(wrong(settings).empty());
        auto inlined = parsed("columns = { z = \"1\", a = \"2\", m = \"3\" }\n");
        CHECK(inlined.table("columns").keys() == std::vector<std::string>{"z", "a", "m"});
    }

    TEST_CASE("variables are filled in wherever a text stands") {
        setenv("LEAT_TEST_WORD", "cellar", 1);
        setenv("LEAT_TEST_SPAN", "3s", 1);
        auto settings = parsed(
            "a = \"x-${LEAT_TEST_WORD}\"\nb = \"${LEAT_TEST_SPAN}\"\nc = [\"${LEAT_TEST_WORD}\"]\n"
            "d = \"${LEAT_TEST_ABSENT:-durable}\"\n[e]\nf = \"${LEAT_TEST_WORD}\"\n");
        CHECK(settings.required_text("a") == "x-cellar");
        CHECK(settings.duration("b", 1s, 1s, 1h) == 3s);
        CHECK(settings.texts("c") == std::vector<std::string>{"cellar"});
        CHECK(settings.choice("d", "applied", {"applied", "durable"}) == "durable");
        CHECK(settings.table("e").pairs().at(0).second == "cellar");
        CHECK(wrong(settings).empty());
        unsetenv("LEAT_TEST_WORD");
        unsetenv("LEAT_TEST_SPAN");
    }

    TEST_CASE("what is not TOML is reported with its line") {
        for (const auto* text :
             {"a = 1\nb = \n", "a = 1\na = 2\n", "a = 1\n[t\n", "a = 1\nb = \"x\n"}) {
            const auto settings = Settings::parse(text, "node.toml");
            REQUIRE_FALSE(settings);
            CHECK(settings.error().fault == base::Fault::misconfigured);
            CHECK_MESSAGE(settings.error().detail.starts_with("node.toml:2: "),
                          settings.error().detail);
        }
        CHECK_FALSE(Settings::parse("a = \"\xff\"\n", "node.toml"));
        CHECK_FALSE(Settings::parse("a = " + std::string(100'000, '['), "node.toml"));
    }

    TEST_CASE("a file that cannot be read is reported, and so is a folder") {
        const support::TemporaryFolder folder;
        const auto absent = Settings::load(folder.file("absent.toml"));
        REQUIRE_FALSE(absent);
        CHECK(absent.error().fault == base::Fault::misconfigured);
        CHECK(absent.error().detail ==
              folder.file("absent.toml") + ": cannot be read: No such file or directory");
        const auto itself = Settings::load(folder.path().string());
        REQUIRE_FALSE(itself);
        CHECK(itself.error().detail == folder.path().string() + ": is a folder, not a file");
    }

    TEST_CASE("a file that cannot be a configuration is refused before it costs anything") {
        std::string deep = "a";
        for (int i = 0; i < 200'000; ++i) deep += ".a";
        const auto dotted = base::Settings::parse("ok = 1\n" + deep + " = 1\n", "f.toml");
        REQUIRE_FALSE(dotted);
        CHECK(dotted.error().detail == "f.toml:2: more than 512 dots in a line");
        const auto endless = base::Settings::load("/dev/zero");
        REQUIRE_FALSE(endless);
        CHECK(endless.error().fault == base::Fault::misconfigured);
    }

    TEST_CASE("a file on disk is read like its text, an empty one too") {
        const support::TemporaryFolder folder;
        auto settings = Settings::load(folder.write("a.toml", "k = \"v\"\n"));
        REQUIRE(settings);
        auto table = std::move(settings).value();
        CHECK(table.text("k", "") == "v");
        CHECK(table.place("k") == folder.file("a.toml") + ":1");
        CHECK(Settings::load(folder.write("empty.toml", "")));
    }
}
