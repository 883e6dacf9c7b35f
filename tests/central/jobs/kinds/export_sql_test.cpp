// Goal: the other table has what the API says, whatever comes late, dies or is refused. Method: the
// job over a database that the engine fills, into real servers.
#include "central/api/windows.hpp"
#include "central/jobs/kinds/job_world.hpp"
#include "central/sinks/sqlite_query.hpp"
#include "lib/odbc/worlds.hpp"

using namespace jobs_test;
using jobs::Order;
using odbc_test::valued;

namespace {

template <class Server>
struct SqlWorld : JobWorld {
    /// The keys of the job.
    std::string keys(const std::string& more = "create = true\n") const {
        return "connection = '" + other.options.connection + "'\nuser = '" + other.options.user +
               "'\n" + more;
    }
    jobs::Work bring(const std::string& more = "create = true\n", const Order& order = {}) {
        return work("export-sql", keys(more), order);
    }
    std::int64_t number(const std::string& sql) { return other.number(sql); }
    std::string text(const std::string& sql) {
        const auto cell = valued(other.connection.cell({sql, {}}, {odbc::Type::text, 2'000}));
        const auto* const found = std::get_if<std::string>(&cell);
        return found != nullptr ? *found : "NULL";
    }
    std::string quoted(const std::string& name) const {
        return other.connection.dialect().quoted(name);
    }

    /// The windows as the API has them must be the rows that are there, cell by cell.
    void check_windows(const std::string& node) {
        auto query = sinks::SqliteQuery::open(path);
        REQUIRE(query);
        const views::NodePresences nobody;
        const auto answer = api::find_windows(
            {.query = *query.value(),
             .presences = nobody,
             .now = now,
             .watermark_bound = engine::kWatermarkBound},
            {.path = {},
             .query = {{"series", node + "/" + kSeries},
                       {"from", std::to_string(base::to_milliseconds(kMidnight - 240h))},
                       {"to", std::to_string(base::to_milliseconds(now))},
                       {"span", "1h"}}});
        const auto* const found = std::get_if<api::FoundWindows>(&answer);
        REQUIRE(found != nullptr);
        auto rows = valued(other.connection.prepare(
            "SELECT start, " + quoted("count") + ", mean, " + quoted("min") + ", " + quoted("max") +
            ", " + quoted("first") + ", " + quoted("last") +
            ", failed, expected, state, quality, revision FROM leat_windows WHERE series = ? "
            "ORDER BY start"));
        odbc_test::require(rows.run({node + "/" + kSeries}));
        const odbc::Column whole{odbc::Type::integer};
        const odbc::Column real{odbc::Type::number};
        odbc::Block block{{{odbc::Type::time},
                           whole,
                           real,
                           real,
                           real,
                           real,
                           real,
                           whole,
                           whole,
                           {odbc::Type::text, 64},
                           real,
                           whole},
                          1'000};
        std::size_t at = 0;
        valued(rows.fetch(block));
        for (const auto& window : found->windows) {
            const auto& summary = window.row.summary;
            if (summary.count == 0 || window.start + 1h > now) continue;
            CAPTURE(base::to_milliseconds(window.start));
            REQUIRE(at < block.rows());
            CHECK(block.time(at, 0) == odbc::Time{window.start});
            CHECK(block.integer(at, 1) == static_cast<std::int64_t>(summary.count));
            CHECK(block.number(at, 2) == *views::mean_of(window));
            CHECK(block.number(at, 3) == summary.min);
            CHECK(block.number(at, 4) == summary.max);
            CHECK(block.number(at, 5) == summary.first);
            CHECK(block.number(at, 6) == summary.last);
            CHECK(block.integer(at, 7) == static_cast<std::int64_t>(window.row.failed));
            CHECK(block.is_null(at, 8) == !window.expected.has_value());
            if (window.expected) {
                CHECK(block.integer(at, 8) == static_cast<std::int64_t>(*window.expected));
            }
            CHECK(block.text(at, 9) == views::word(window.state));
            CHECK(block.is_null(at, 10) == !window.quality.has_value());
            if (window.quality) CHECK(block.number(at, 10) == *window.quality);
            CHECK(block.integer(at, 11) == static_cast<std::int64_t>(window.row.revision));
            ++at;
        }
        CHECK(at == block.rows());
        CHECK(at > 0);
    }

    Server other;
};

}  // namespace

#define BOTH SqlWorld<odbc_test::MariaDbWorld>, SqlWorld<odbc_test::PostgreSqlWorld>

TEST_CASE_TEMPLATE("windows there are those of the API, and a second run writes nothing", World,
                   BOTH) {
    World world;
    world.fill(kMidnight, kMidnight + 20h);
    world.database->fail("attic", kSeries, kMidnight + 30h, "checksum");
    world.database->commit();
    const auto first = world.bring();
    CHECK(first.records == 20);
    CHECK(first.read == "windows of 1h of 1 series of " + world.path);
    CHECK(first.wrote.starts_with("20 rows into leat_windows at "));
    world.check_windows("attic");
    const auto second = world.bring();
    CHECK(second.records == 0);
    CHECK(second.wrote.find("20 were there already") != std::string::npos);
    CHECK(world.number("SELECT COUNT(*) FROM etl_log WHERE status = 'ok' AND is_whole = 1") >= 1);
    CHECK(world.number("SELECT MAX(records) FROM etl_log") >= 0);
    CHECK(world.text("SELECT job FROM etl_log") == "");
}

TEST_CASE_TEMPLATE("what came late changes its row, and no other", World, BOTH) {
    World world;
    world.fill(kMidnight, kMidnight + 20h);
    world.bring();
    world.database->read("attic", kSeries, kMidnight + 5h + 1min, 99);
    world.database->commit();
    world.now += 24h;
    const auto work = world.bring();
    CHECK(work.records >= 1);
    CHECK(work.records <= 3);  // Its neighbours may be judged otherwise.
    world.check_windows("attic");
    CHECK(world.number("SELECT COUNT(*) FROM leat_windows WHERE " + world.quoted("max") +
                       " = 99") == 1);
}

TEST_CASE_TEMPLATE("days that were missed are caught up, as far back as a series was away", World,
                   BOTH) {
    World world;
    world.fill(kMidnight, kMidnight + 4h);
    world.fill(kMidnight, kMidnight + 4h, "cellar");
    const std::string keys = "create = true\nlook_back = '2h'\n";
    CHECK(world.bring(keys).records == 8);
    world.fill(kMidnight + 4h, kMidnight + 100h);
    world.now = kMidnight + 100h;
    CHECK(world.bring(keys).records >= 96);
    world.now += 1h;
    CHECK(world.bring(keys).records <= 1);
    // The cellar was away for four days, and sends everything now, and what is of before.
    world.database->read("cellar", kSeries, kMidnight + 2h + 1min, 99);
    world.fill(kMidnight + 4h, kMidnight + 100h, "cellar");
    CHECK(world.bring(keys).records >= 96);
    world.check_windows("attic");
    world.check_windows("cellar");
}

TEST_CASE_TEMPLATE("single readings are there one by one, and those of one time, too", World,
                   BOTH) {
    World world;
    world.fill(kMidnight, kMidnight + 3h);
    world.database->read("attic", kSeries, kMidnight + 10min, -7.25);  // There is one already.
    world.database->commit();
    const std::string keys = "create = true\nrows = 'readings'\ntime = 'milliseconds'\n";
    CHECK(world.bring(keys).records == 19);
    CHECK(world.bring(keys).records == 0);
    CHECK(world.number("SELECT COUNT(*) FROM leat_readings WHERE nth = 1") == 1);
    const auto at = std::to_string(base::to_milliseconds(kMidnight + 10min));
    CHECK(world.number("SELECT COUNT(*) FROM leat_readings WHERE " + world.quoted("time") + " = " +
                       at) == 2);
    CHECK(world.number("SELECT COUNT(*) FROM leat_readings WHERE " + world.quoted("value") +
                       " = -7.25 AND unit = 'Cel' AND quality = 'good'") == 1);
}

TEST_CASE_TEMPLATE("rows that may not go are counted by reason, and the others go", World, BOTH) {
    World world;
    world.fill(kMidnight, kMidnight + 3h);
    world.database->read("attic", kSeries, kMidnight + 1h + 1min, 40);
    world.database->fail("attic", kSeries, kMidnight + 5h, "checksum");
    world.database->commit();
    const auto work = world.bring("create = true\ntime = 'text'\nranges = ['*=0..30']\n");
    CHECK(work.records == 2);
    CHECK(work.wrote.find("refused: 1 no_readings, 1 out_of_range") != std::string::npos);
    CHECK(world.number("SELECT refused FROM etl_log") == 2);
    CHECK(world.text("SELECT reasons FROM etl_log") == "1 no_readings, 1 out_of_range");
    CHECK(world.text("SELECT MAX(start) FROM leat_windows") == "2025-11-20T02:00:00.000Z");
}

TEST_CASE_TEMPLATE("without create it says which table is missing, and how to make it", World,
                   BOTH) {
    World world;
    world.fill(kMidnight, kMidnight + 3h);
    const auto log = world.failure("export-sql", world.keys(""));
    CAPTURE(log.detail);
    CHECK(log.fault == base::Fault::misconfigured);
    CHECK(log.detail.find("there is no table etl_log") != std::string::npos);
    const auto create_log = log.detail.substr(log.detail.find("CREATE TABLE"));
    world.other.execute(create_log);
    const auto rows = world.failure("export-sql", world.keys(""));
    CAPTURE(rows.detail);
    world.other.execute(rows.detail.substr(rows.detail.find("CREATE TABLE")));
    CHECK(world.work("export-sql", world.keys("")).records == 3);
    world.other.execute("ALTER TABLE leat_windows DROP COLUMN quality");
    const auto other = world.failure("export-sql", world.keys());
    CAPTURE(other.detail);
    CHECK(other.detail.find("it has no column \"quality\"") != std::string::npos);
}

TEST_CASE_TEMPLATE("a table that would change what is written into it is refused", World, BOTH) {
    World world;
    const bool is_mysql = world.other.connection.dialect().server() == odbc::Server::mysql;
    struct Row {
        const char* column;
        const char* mysql;
        const char* postgresql;
        const char* wanted;
    };
    const std::vector<Row> rows{
        {"start", "DATETIME", "TIMESTAMP(0)", "a time, to the millisecond at least"},
        {"start", "DATETIME(2)", "TIMESTAMP(2)", "to the millisecond at least"},
        {"mark", "INT", "INT", "a whole number of 64 bits"},
        {"mean", "FLOAT", "REAL", "a double"},
        {"mean", "DECIMAL(20,4)", "DECIMAL(20,4)", "a double"},
        {"state", "BIGINT", "BIGINT USING 0", "text"}};
    for (const auto& row : rows) {
        world.bring();  // Makes it.
        world.other.execute(std::string{"ALTER TABLE leat_windows "} +
                            (is_mysql ? "MODIFY " : "ALTER COLUMN ") + row.column +
                            (is_mysql ? " " : " TYPE ") + (is_mysql ? row.mysql : row.postgresql));
        const auto refused = world.failure("export-sql", world.keys());
        CAPTURE(refused.detail);
        CHECK(refused.detail.find("its column \"" + std::string{row.column} + "\" must be ") !=
              std::string::npos);
        CHECK(refused.detail.find(row.wanted) != std::string::npos);
        world.other.execute("DROP TABLE leat_windows");
    }
}

TEST_CASE("MariaDB's table without the key is refused, as every row would be there twice") {
    SqlWorld<odbc_test::MariaDbWorld> world;
    world.fill(kMidnight, kMidnight + 3h);
    world.bring();
    world.other.execute("ALTER TABLE leat_windows DROP PRIMARY KEY");
    const auto refused = world.failure("export-sql", world.keys());
    CAPTURE(refused.detail);
    CHECK(refused.detail.find("no unique key of exactly `series`, `window_ms`, `start`") !=
          std::string::npos);
}

TEST_CASE_TEMPLATE("a dry run writes nothing, and a trial only as much as was said", World, BOTH) {
    World world;
    world.fill(kMidnight, kMidnight + 20h);
    const auto dry = world.bring("create = true\n", {.is_dry = true});
    CHECK(dry.records == 20);
    CHECK(valued(world.other.connection.tables()).empty());
    CHECK(world.bring("create = true\nbatch = 3\n", {.limit = 7}).records == 7);
    CHECK(world.number("SELECT COUNT(*) FROM leat_windows") == 7);
    CHECK(world.number("SELECT COUNT(*) FROM etl_log WHERE is_whole = 0") == 1);
    const Order hours{.from = kMidnight + 15h, .to = kMidnight + 17h};
    CHECK(world.bring("create = true\n", hours).records == 2);
    CHECK(world.bring().records == 11);  // A trial is no reason to leave out what it left out.
    world.check_windows("attic");
}

TEST_CASE_TEMPLATE("what a run brings by other keys is no reason to leave out what it left out",
                   World, BOTH) {
    World world;
    world.fill(kMidnight - 480h, kMidnight + 20h);
    const std::string keys = "create = true\nlook_back = '2h'\n";
    SUBCASE("said with --set") {
        CHECK(world.bring(keys + "ranges = ['*=300..1000']\n", {.is_changed = true}).records < 500);
    }
    SUBCASE("of a narrower match, and of a time of the others") {
        world.bring(keys + "match = ['cellar/*']\n");
        world.bring(keys, {.from = kMidnight + 10h});
    }
    SUBCASE("of a narrower range") {
        world.bring(keys + "ranges = ['*=300..1000']\n");
    }
    world.now += 1min;
    world.bring(keys);
    CHECK(world.number("SELECT COUNT(*) FROM leat_windows") == 500);
}

TEST_CASE_TEMPLATE("rows that may no longer go do not hide that others are there", World, BOTH) {
    World world;
    world.fill(kMidnight, kMidnight + 1h);
    world.fill(kMidnight + 1h, kMidnight + 19h);
    world.fill(kMidnight + 19h, kMidnight + 20h);
    CHECK(world.bring().records == 20);
    world.now += 1min;
    // The first hour of each filling.
    const auto again = world.bring("create = true\nranges = ['*=20..20.5']\n");
    CHECK(again.records == 0);
    CHECK(again.wrote.find("3 were there already; refused: 17 out_of_range") != std::string::npos);
}

TEST_CASE_TEMPLATE("a row that the server refuses is told, keeps none back, and is tried again",
                   World, BOTH) {
    World world;
    world.fill(kMidnight, kMidnight + 20h);
    const std::string keys = "create = true\nlook_back = '1h'\n";
    world.bring(keys, {.limit = 1});
    const auto max = world.quoted("max");
    world.other.execute("ALTER TABLE leat_windows ADD CONSTRAINT odd CHECK (" + max + " < 25 OR " +
                        max + " > 25.7)");
    for (int round = 0; round < 2; ++round) {
        world.now += 1min;
        const auto work = world.bring(keys);
        CHECK(work.records == (round == 0 ? 18 : 0));
        CAPTURE(work.wrote);
        CHECK(work.wrote.find("; refused: 1 refused_there; the server refused attic/" +
                              std::string{kSeries} + " at 2025-11-20T08:00:00.000Z: cannot run") !=
              std::string::npos);
    }
    CHECK(world.number("SELECT COUNT(*) FROM etl_log WHERE status = 'ok' AND is_whole = 0 AND "
                       "refused = 1 AND error IS NOT NULL") == 2);
    world.other.execute("ALTER TABLE leat_windows DROP CONSTRAINT odd");
    world.now += 1min;
    CHECK(world.bring(keys).records == 1);
    world.check_windows("attic");
}

TEST_CASE_TEMPLATE("a server that refuses very many rows fails the run", World, BOTH) {
    World world;
    world.fill(kMidnight - 100h, kMidnight + 20h);
    world.bring("create = true\n", {.limit = 1});
    world.other.execute("ALTER TABLE leat_windows ADD CHECK (" + world.quoted("max") + " < 21)");
    const auto refused = world.failure("export-sql", world.keys());
    CAPTURE(refused.detail);
    CHECK(refused.fault == base::Fault::malformed);
    CHECK(refused.detail.starts_with("the server refuses more than 100 rows, first attic/"));
}

TEST_CASE_TEMPLATE("a row there that is no longer true, and may not be changed, is counted", World,
                   BOTH) {
    World world;
    world.fill(kMidnight, kMidnight + 3h);
    const std::string keys = "create = true\nranges = ['*=0..30']\n";
    CHECK(world.bring(keys).records == 3);
    world.database->read("attic", kSeries, kMidnight + 1h + 1min, 40);
    world.database->commit();
    world.now += 1min;
    const auto work = world.bring(keys);
    CAPTURE(work.wrote);
    CHECK(work.wrote.ends_with(
        "refused: 1 out_of_range; 1 rows there are of before, and no longer true"));
    CHECK(world.number("SELECT MAX(outdated) FROM etl_log") == 1);
    CHECK(world.number("SELECT COUNT(*) FROM leat_windows WHERE " + world.quoted("max") +
                       " = 40") == 0);
}

TEST_CASE_TEMPLATE("a run by a clock that was ahead hides nothing from the later ones", World,
                   BOTH) {
    World world;
    world.fill(kMidnight, kMidnight + 20h);
    world.now += 24h * 1'800;
    CHECK(world.bring().records == 20);
    world.now -= 24h * 1'800;
    world.database->read("attic", kSeries, kMidnight + 5h + 1min, 99);
    world.database->commit();
    CHECK(world.bring().records >= 1);
    world.check_windows("attic");
}

TEST_CASE_TEMPLATE("a server that is away fails the run with what to do", World, BOTH) {
    World world;
    world.fill(kMidnight, kMidnight + 3h);
    auto options = world.other.options;
    const auto port = options.connection.find("Port=");
    options.connection.replace(port, options.connection.find(';', port) - port, "Port=1");
    const auto away = world.failure(
        "export-sql", "connection = '" + options.connection + "'\nuser = 'leat'\ncreate = true\n");
    CAPTURE(away.detail);
    CHECK(away.fault == base::Fault::transient);
    CHECK(away.detail.starts_with("cannot connect: "));
    CHECK(away.detail.find("look whether the server runs and can be reached") != std::string::npos);
}
