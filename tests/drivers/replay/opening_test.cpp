#include "drivers/replay/opening.hpp"

#include <doctest/doctest.h>

#include "drivers/replay/fixture.hpp"

using replay_test::Replay;

namespace {

void check_refused(const Replay& replay, const std::vector<std::string>& parts,
                   const std::optional<std::string>& position = std::nullopt) {
    const auto made = replay.make(position);
    REQUIRE_FALSE(made);
    CHECK(made.error().fault == base::Fault::misconfigured);
    CAPTURE(made.error().detail);
    for (const auto& part : parts) {
        CAPTURE(part);
        CHECK(made.error().detail.find(part) != std::string::npos);
    }
}

}  // namespace

TEST_CASE("a column that is not there is named, with the nearest and all there are") {
    check_refused(Replay("t,Temperature,Humidity\n1,2,3\n", "", "Temprature = \"a\"\n"),
                  {"data.csv has no column \"Temprature\"", "did you mean \"Temperature\"?",
                   "its 3 columns: t, Temperature, Humidity"});
    check_refused(Replay("t,a,b\n1,2,3\n", "time_column = \"time\"\n"), {"no column \"time\""});
    check_refused(Replay("t,a,b\n1,2,3\n", "", "4 = \"a\"\n"), {"no column \"4\""});
    check_refused(Replay("t,a,b\n1,2,3\n", "", "0 = \"a\"\n"), {"no column \"0\""});
    check_refused(Replay("1,2\n", "header = false\n"), {"numbered \"1\", \"2\" and so on"});
}

TEST_CASE("a file that is absent, or not CSV, is an error that says so") {
    const support::ManualClock clock;
    const auto missing = configured::make(
        "[[sensor]]\nname = \"r\"\ndriver = \"replay\"\nfile = \"no/such.csv\"\n"
        "time_column = \"t\"\n[sensor.columns]\na = \"a\"\n",
        clock);
    REQUIRE_FALSE(missing);
    CHECK(missing.error().detail.find("no/such.csv: No such file or directory (in /") !=
          std::string::npos);
    check_refused(Replay(""), {"data.csv: the file is empty"});
    check_refused(Replay("\n\n\n"), {"data.csv: the file is empty"});
    check_refused(Replay("\"t,a\n1,2\n"), {"its first line is no header"});
    check_refused(Replay(std::string(20'000'000, 'x')), {"its first line is no header"});
}

TEST_CASE("a time format that fits no row is refused before anything is sent") {
    check_refused(Replay("t,a,b\n2015-02-04,1,2\n"),
                  {"no row can be read: line 2: no time: \"2015-02-04\""});
    check_refused(Replay("t;a;b\n1;2;3\n",
                         "separator = \";\"\ntime_format = \"rfc3339\"\n"
                         "time_column = \"t\"\n"),
                  {"no row can be read: line 2: no time: \"1\""});
}

TEST_CASE("wrong values in the configuration are reported all at once, with their lines") {
    const auto status = configured::validate(
        "[[sensor]]\nname = \"r\"\ndriver = \"replay\"\ntime_format = \"%q\"\nspeed = \"fast\"\n"
        "separator = \"::\"\n[sensor.columns]\nA = \"My Quantity\"\nB = \"b:\"\nC = \"c\"\n"
        "D = \"c\"\n");
    REQUIRE_FALSE(status);
    const auto& detail = status.error().detail;
    CAPTURE(detail);
    for (const std::string part :
         {"file is missing", "time_column is missing", "test.toml:4: time_format: \"%q\"",
          "test.toml:5: speed = \"fast\" is not understood", "test.toml:6: separator must be",
          "\"My Quantity\" is no quantity name; \"my_quantity\" would be one",
          "B: there is no unit after the colon", "D: another column is c already"}) {
        CAPTURE(part);
        CHECK(detail.find(part) != std::string::npos);
    }
    CHECK_FALSE(
        configured::validate("[[sensor]]\nname = \"r\"\ndriver = \"replay\"\n"
                             "file = \"f\"\ntime_column = \"t\"\n"));
    for (const std::string speed : {"0x", "-1x", "x", "1", "1 x", "1xx", "nanx", "1e9x"}) {
        CAPTURE(speed);
        CHECK_FALSE(configured::validate(
            "[[sensor]]\nname = \"r\"\ndriver = \"replay\"\nfile = \"f\"\ntime_column = \"t\"\n"
            "speed = \"" +
            speed + "\"\n[sensor.columns]\nA = \"a\"\n"));
    }
}

TEST_CASE("a position is refused for a file that changed, and the cure is named") {
    const std::string content = "t,a,b\n1,10,20\n2,11,21\n3,12,22\n";
    Replay replay(content);
    const auto position = replay.take(std::nullopt, 2, 2).positions.at(1);
    struct Case {
        const char* name;
        std::string content;
        const char* why;
    };
    const Case cases[] = {
        {"another header", "t,b,a\n1,10,20\n2,11,21\n3,12,22\n", "its first line is another"},
        {"a shorter file", "t,a,b\n1,10,20\n", "it has 14 bytes, and 22 were read already"},
        {"another row there", "t,a,b\n1,10,20\n2,11,99\n3,12,22\n", "line 3 is another"},
        {"a row less before", "t,a,b\n2,11,21\n3,12,22\n4,13,23\n", "line 3 is another"},
    };
    for (const auto& one : cases) {
        CAPTURE(one.name);
        replay.write(one.content);
        check_refused(replay, {one.why, "set edition = 2 to replay this one"}, position);
    }
    replay.write(content + "4,13,23\n");
    CHECK(replay.take(position).values.size() == 4);
    check_refused(replay, {"is none of a replay", "give the sensor another name"}, "nonsense");
}

TEST_CASE("another edition reads the file from its beginning") {
    const Replay first("t,a,b\n1,10,20\n2,11,21\n");
    const auto position = first.take().positions.back();
    const Replay second("t,a,b\n7,10,20\n", "edition = 2\n");
    CHECK(second.take(position).values.size() == 2);
}

TEST_CASE("a position that an older program saved goes on, and its file still counts once") {
    const std::string content = "t,a,b\n1,10,20\n2,11,21\n";
    const auto without_hash = [](std::string position) {
        const auto at = position.find(",\"read\"");
        REQUIRE(at != std::string::npos);
        return position.erase(at, std::string_view{R"(,"read":"0123456789abcdef")"}.size());
    };
    const Replay replay(content);
    const auto old = without_hash(replay.take().positions.back());
    const Replay grown(content + "3,12,22\n");
    const auto more = grown.take(old);
    CHECK(more.values.size() == 2);
    CHECK(more.positions.back() == grown.take().positions.back());
    // Another edition of the same file, and of another one.
    CHECK(Replay(content, "edition = 2\n").take(old).values.empty());
    CHECK(Replay("t,a,b\n7,12,22\n", "edition = 2\n").take(old).values.size() == 2);
}

TEST_CASE("a last line that was read without its end is not read again when it is completed") {
    struct Case {
        const char* name;
        std::string before;
        std::string after;
        std::vector<double> more;
    };
    const Case cases[] = {
        {"only its newline", "t,a,b\n1,10,20\n2,11,21", "\n3,12,22\n", {12, 22}},
        {"a newline of Windows", "t,a,b\n1,10,20\n2,11,21", "\r\n3,12,22\n", {12, 22}},
        {"the rest of a number", "t,a,b\n1,10,20\n2,11,2", "1\n3,12,22\n", {12, 22}},
        {"what looks like a row", "t,a,b\n1,10,20\n2,11,2", "1,7,8\n3,12,22\n", {12, 22}},
        {"nothing but the rest", "t,a,b\n1,10,20\n2,11,2", "1", {}},
        {"nothing was cut", "t,a,b\n1,10,20\n2,11,21\n", "3,12,22\n", {12, 22}},
    };
    for (const auto& one : cases) {
        CAPTURE(one.name);
        const auto values_of = [](const replay_test::Taken& taken) {
            std::vector<double> values;
            for (const auto& value : taken.values) values.push_back(value.value);
            return values;
        };
        const auto position = Replay(one.before).take().positions.back();
        const auto same = Replay(one.before + one.after).take(position);
        CHECK(values_of(same) == one.more);
        CHECK(same.failures.empty());
        // The same through another edition, and after one more restart.
        const auto next = Replay(one.before + one.after, "edition = 2\n").take(position);
        CHECK(values_of(next) == one.more);
        if (same.positions.empty()) continue;
        const auto last =
            Replay(one.before + one.after + "\n4,13,23\n").take(same.positions.back());
        CHECK(values_of(last) == std::vector<double>{13, 23});
        CHECK(last.failures.empty());
    }
}

TEST_CASE("the same file counts once, whatever its name and edition, unless it is to count again") {
    const std::string first = "t,a,b\n1,10,20\n2,11,21\n";
    const std::string second = "t,a,b\n7,12,22\n";
    Replay replay(first);
    auto position = replay.take().positions.back();
    const auto next = [&](const std::string& content, const std::string& more) {
        Replay other(content, more);
        const auto taken = other.take(position);
        if (!taken.positions.empty()) position = taken.positions.back();
        CHECK(taken.failures.empty());
        return taken.values.size();
    };
    CHECK(next(first, "") == 0);
    CHECK(next(second, "edition = 2\n") == 2);
    CHECK(next(first, "edition = 3\n") == 0);
    // It has grown: only what is new counts.
    CHECK(next(first + "3,13,23\n", "edition = 4\n") == 2);
    CHECK(next(second, "edition = 5\n") == 0);
    CHECK(next(second, "edition = 6\nagain = true\n") == 2);
    // Told once, it counts once more, and not at each start.
    CHECK(next(second, "edition = 6\nagain = true\n") == 0);
    // A line before the end has changed: it is another file.
    CHECK(next("t,a,b\n1,10,99\n2,11,21\n", "edition = 7\n") == 4);
}

TEST_CASE("what an earlier edition has read of a file that it left in the middle counts once") {
    const std::string content = "t,a,b\n1,10,20\nb,a,t\n21,11,2\n22,12,3\n";
    const Replay replay(content);
    const auto whole = replay.take();
    REQUIRE(whole.values.size() == 6);
    for (const auto& position : whole.positions) {
        const auto before = replay.take(
            std::nullopt, 2, static_cast<std::size_t>(&position - &whole.positions[0]) + 1);
        const Replay other("t,a,b\n7,12,22\n", "edition = 2\n");
        const auto between = other.take(before.positions.back());
        const Replay back(content, "edition = 3\n");
        const auto after = back.take(between.positions.back());
        auto values = before.values;
        values.insert(values.end(), after.values.begin(), after.values.end());
        CHECK(values == whole.values);
    }
}
