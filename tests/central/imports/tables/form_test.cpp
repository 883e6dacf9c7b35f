// Tables that somebody made by hand: names of tags in the rows, and times in every form.
#include "central/imports/tables/table_world.hpp"

using namespace tables_test;

namespace {

template <class World>
void use_hand_made(World& world, const std::string& time_type, const std::string& value_type,
                   const std::string& format, const std::string& zone = "UTC") {
    world.execute("CREATE TABLE data_2026_10 (name VARCHAR(100), val " + value_type + ", at " +
                  time_type + ", quality INTEGER)");
    auto& source = world.options.source;
    source = world.source(format, zone);
    source.tables = MonthPattern::parse("Data_{YYYY}_{MM}").value();
    source.time_column = "at";
    source.tag_column = "name";
    source.value_columns = {"val"};
    source.integrity_column = "quality";
    source.good.clear();
    source.tags_table.clear();
    world.now = base::from_milliseconds(1'793'491'200'000);  // 1 Nov 2026, UTC.
}

template <class World>
void put(World& world, const std::string& name, const std::string& at, const std::string& value) {
    world.execute(
        fmt::format("INSERT INTO data_2026_10 VALUES ('{}', {}, {}, 1)", name, value, at));
}

/// As what a server keeps a time that has no zone, and one that has.
template <class World>
constexpr bool is_mariadb = std::is_same_v<World, TableWorld<odbc_test::MariaDbWorld>>;
template <class World>
constexpr const char* plain_time = is_mariadb<World> ? "DATETIME" : "TIMESTAMP NULL";
template <class World>
constexpr const char* zoned_time = is_mariadb<World> ? "TIMESTAMP NULL" : "TIMESTAMPTZ";

constexpr std::int64_t kNoon = 1'791'979'200'000;  // 14 Oct 2026, 12:00 UTC.

}  // namespace

TEST_CASE_TEMPLATE("times in every form count at their instants", World, TABLES) {
    World world;
    std::string at;
    SUBCASE("of seconds") {
        use_hand_made(world, "BIGINT", "DOUBLE PRECISION", "unix");
        at = "1791979200";
    }
    SUBCASE("of seconds with a fraction") {
        use_hand_made(world, "DOUBLE PRECISION", "DOUBLE PRECISION", "unix");
        at = "1791979200.0";
    }
    SUBCASE("of the server's own type") {
        use_hand_made(world, plain_time<World>, "DOUBLE PRECISION", "datetime");
        at = "'2026-10-14 12:00:00'";
    }
    SUBCASE("of the server's own type, by local clocks") {
        use_hand_made(world, plain_time<World>, "DOUBLE PRECISION", "datetime", "Europe/Berlin");
        at = "'2026-10-14 14:00:00'";
    }
    SUBCASE("of text") {
        use_hand_made(world, "VARCHAR(40)", "DOUBLE PRECISION", "%Y-%m-%d %H:%M:%S");
        at = "'2026-10-14 12:00:00'";
    }
    SUBCASE("of text, by local clocks") {
        use_hand_made(world, "VARCHAR(40)", "DOUBLE PRECISION", "%F %T", "Europe/Berlin");
        at = "'2026-10-14 14:00:00'";
    }
    SUBCASE("of text with a zone") {
        use_hand_made(world, "VARCHAR(40)", "DOUBLE PRECISION", "rfc3339");
        at = "'2026-10-14T14:00:00+02:00'";
    }
    put(world, "line 1/temp", at, "21.5");
    CHECK(world.run() == 1);
    const auto sent = world.sent();
    CAPTURE(world.error);
    REQUIRE(sent.readings.size() == 1);
    CHECK(sent.readings[0] == Sent::Reading{"line1.temperature", kNoon, 21.5});
    CHECK(world.run() == 0);
}

TEST_CASE_TEMPLATE("times that a server knows as instants are read in no other zone", World,
                   TABLES) {
    World world;
    use_hand_made(world, zoned_time<World>, "DOUBLE PRECISION", "datetime", "Europe/Berlin");
    put(world, "line 1/temp", "'2026-10-14 12:00:00'", "21.5");
    world.run();
    CHECK(world.error.find("its column at are instants already: leave time_zone out") !=
          std::string::npos);
    CHECK(world.sent().readings.empty());
}

TEST_CASE_TEMPLATE("a local time that came twice, or is none, counts nowhere and is told", World,
                   TABLES) {
    World world;
    use_hand_made(world, "VARCHAR(40)", "VARCHAR(40)", "%Y-%m-%d %H:%M:%S", "Europe/Berlin");
    put(world, "line 1/temp", "'2026-10-25 01:30:00'", "'1'");
    put(world, "line 1/temp", "'2026-10-25 02:30:00'", "'2'");
    put(world, "line 1/temp", "'2026-10-25 03:30:00'", "'3'");
    put(world, "line 1/temp", "'2026-10-25 04:xx:00'", "'4'");
    put(world, "line 1/temp", "NULL", "'5'");
    put(world, "line 1/temp", "'2026-10-25 05:00:00'", "'hot'");
    put(world, "line 1/temp", "'2026-10-25 05:01:00'", "' 6.5 '");
    CHECK(world.run() == 6);
    CHECK(world.has_said("3 set aside (1 no number, 2 no time)"));
    CHECK(world.has_said("clocks showed it twice"));
    CHECK(world.has_said("1 have no time, or one before 1970, and never count"));
    const auto sent = world.sent();
    REQUIRE(sent.readings.size() == 3);
    CHECK(std::get<1>(sent.readings[1]) - std::get<1>(sent.readings[0]) == 3 * 3'600'000);
    CHECK(sent.failed.at("line1.temperature: no number") == 1);
    CHECK(world.run() <= 1);  // The one that cannot be read is told again.
    CHECK(world.sent().readings.size() == 3);
}

TEST_CASE_TEMPLATE("tags whose names differ by case are different tags", World, TABLES) {
    World world;
    use_hand_made(world, "BIGINT", "INTEGER", "unix_ms");
    put(world, "line 1/temp", std::to_string(kNoon), "1");
    put(world, "Line 1/Temp", std::to_string(kNoon), "2");
    CHECK(world.run() == 1);
    CHECK(world.has_said("1 of 1 tags that are mapped to no series: \"Line 1/Temp\" (1)"));
    CHECK(world.run() == 0);
    CHECK_FALSE(world.has_said("changed"));
}

TEST_CASE_TEMPLATE("tags whose names differ by a space at the end are different tags", World,
                   TABLES) {
    World world;
    use_hand_made(world, "BIGINT", "INTEGER", "unix_ms");
    put(world, "line 1/temp ", std::to_string(kNoon), "1");
    for (int i = 0; i < 3; ++i) {
        put(world, "line 1/temp", std::to_string(kNoon + i * 1'000), "2");
    }
    CHECK(world.run() == 3);
    CHECK(world.has_said("1 of 1 tags that are mapped to no series: \"line 1/temp \" (1)"));
}

TEST_CASE_TEMPLATE("a text with more digits than a number has, or without an end, is no number",
                   World, TABLES) {
    World world;
    use_hand_made(world, "BIGINT", "VARCHAR(2000)", "unix_ms");
    const std::vector<std::string> values{"9007199254740993",
                                          "123456789012345678901234567890",
                                          "123456789012345678901234567890.5",
                                          std::string(300, '7'),
                                          "9007199254740992",
                                          "1e300"};
    for (std::size_t i = 0; i < values.size(); ++i) {
        put(world, "line 1/temp", std::to_string(kNoon + static_cast<std::int64_t>(i) * 1'000),
            "'" + values[i] + "'");
    }
    CHECK(world.run() == 6);
    const auto sent = world.sent();
    REQUIRE(sent.readings.size() == 1);
    CHECK(std::get<2>(sent.readings[0]) == 9007199254740992.0);
    CHECK(world.has_said("4 no number"));
}

TEST_CASE("a whole number beyond 2^63 is no number, and such a tag is one by itself") {
    TableWorld<odbc_test::MariaDbWorld> world;
    use_hand_made(world, "BIGINT", "BIGINT UNSIGNED", "unix_ms");
    put(world, "line 1/temp", std::to_string(kNoon), "18446744073709551615");
    put(world, "line 1/temp", std::to_string(kNoon + 1'000), "5");
    CHECK(world.run() == 2);
    CHECK(world.has_said("1 no number"));
    REQUIRE(world.sent().readings.size() == 1);
    CHECK(std::get<2>(world.sent().readings[0]) == 5);
    world.execute(
        "CREATE TABLE wide_2026_10 (name BIGINT UNSIGNED, val INTEGER, at BIGINT, quality"
        " INTEGER)");
    world.execute(
        fmt::format("INSERT INTO wide_2026_10 VALUES (18446744073709551615, 1, {}, 1)", kNoon));
    world.options.source.tables = MonthPattern::parse("wide_{YYYY}_{MM}").value();
    CHECK(world.run() == 0);
    CHECK(world.has_said("mapped to no series: \"18446744073709551615\" (1)"));
}

TEST_CASE_TEMPLATE("two rows of one tag and time count once, and another value is told", World,
                   TABLES) {
    World world;
    use_hand_made(world, "BIGINT", "INTEGER", "unix_ms");
    for (const auto* value : {"1", "1", "2"}) {
        put(world, "line 1/temp", std::to_string(kNoon), value);
    }
    CHECK(world.run() == 1);
    CHECK(world.account.known + world.account.conflicts == 2);
    CHECK(world.has_said("hold another value than the one that counts: line 1/temp at"));
    CHECK(world.run() == 0);
    CHECK_FALSE(world.has_said("changed"));
    CHECK(world.sent().readings.size() == 1);
}
