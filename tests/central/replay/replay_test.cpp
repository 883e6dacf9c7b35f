// Goal: a replay tells exactly what another configuration would have made of the same readings,
// also of those that a rule set aside, and writes nothing. The readings go through a real engine
// into a real database, under one configuration and under the other: what the replay says must lead
// from one to the other.
#include "central/replay/replay.hpp"

#include <doctest/doctest.h>

#include <map>
#include <memory>
#include <set>

#include "base/random.hpp"
#include "central/replay/difference_table.hpp"
#include "central/shell/filled_database.hpp"
#include "central/shell/table/render.hpp"
#include "central/sinks/database_query.hpp"
#include "support/temporary_folder.hpp"

namespace {

using namespace std::chrono_literals;
using shell_test::kNoon;

constexpr const char* kSeries = "climate.temperature";

engine::EngineOptions no_more_than(double most) {
    validation::RuleFor<validation::Rule> rule;
    rule.quantity = "temperature";
    rule.rule.most = most;
    engine::EngineOptions options;
    options.rules = validation::Rules{{rule}};
    return options;
}

/// A database under a configuration, and how it is read.
struct Place {
    explicit Place(const engine::EngineOptions& options) : database(path, options) {
        auto opened = sinks::DatabaseQuery::open(path);
        REQUIRE(opened);
        query = std::move(opened).value();
    }

    replay::Replayed replay(const engine::EngineOptions& before, const engine::EngineOptions& after,
                            std::size_t differences_max = 100'000) {
        const auto replayed = replay::replay(*query, order(differences_max), before, after);
        REQUIRE_MESSAGE(replayed, replayed.error().detail);
        return replayed.value();
    }
    replay::Order order(std::size_t differences_max = 100) {
        return {.series = query->series("").value(),
                .from = kNoon - 1h,
                .to = kNoon + 24h,
                .differences_max = differences_max};
    }

    using Rows = std::map<engine::WindowKey, engine::WindowRow>;
    Rows rows() {
        Rows rows;
        const auto all = query->series("").value();
        const auto spans = engine::EngineOptions{}.spans;
        for (const auto& series : all) {
            for (const auto span : spans) {
                const auto windows = query->windows({.node = series.node,
                                                     .series = series.declared.series,
                                                     .span = span,
                                                     .from = kNoon - 24h,
                                                     .to = kNoon + 48h,
                                                     .with_sketches = true});
                REQUIRE(windows);
                for (auto [start, row] : windows.value()) {
                    row.revision = row.late = 0;
                    rows[{span, series.node, series.declared.series, start}] = row;
                }
            }
        }
        return rows;
    }

    support::TemporaryFolder folder;
    std::string path = folder.file("leat.db");
    shell_test::Database database;
    std::unique_ptr<sinks::DatabaseQuery> query;
};

/// Readings a minute apart of two hours; that of the 20th minute is 99.
void fill(Place& place) {
    place.database.declare("attic", kSeries, "temperature", "Cel");
    for (int minute = 0; minute < 120; ++minute) {
        const double value = minute == 20 ? 99 : 20 + 0.25 * (minute % 4);
        place.database.read("attic", kSeries, kNoon + minute * 1min, value);
    }
    place.database.commit();
}

}  // namespace

TEST_CASE("the same configuration makes no difference") {
    Place place{no_more_than(50)};
    fill(place);
    const auto replayed = place.replay(no_more_than(50), no_more_than(50));
    CHECK(replayed.readings == 120);
    CHECK(replayed.windows > 120);
    CHECK(replayed.windows_changed == 0);
    CHECK(replayed.findings_changed == 0);
    CHECK(replayed.set_aside_before == 1);
    CHECK(replayed.set_aside_after == 1);
    CHECK(replayed.passed.empty());
}

TEST_CASE("a rule that is looser counts what is in quarantine, a stricter one sets aside more") {
    Place place{no_more_than(50)};
    fill(place);
    const auto looser = place.replay(no_more_than(50), {});
    CHECK(looser.windows_changed == 3);  // Of a minute, of 15 minutes and of an hour.
    CHECK(looser.set_aside_after == 0);
    const auto& minute = looser.windows_listed.front();
    CHECK(minute.window.span == 1min);
    CHECK(minute.before->summary.count == 0);
    CHECK(minute.after->summary.max == 99);
    const auto stricter = place.replay(no_more_than(50), no_more_than(20.5));
    CHECK(stricter.set_aside_after == 31);
    CHECK(place.rows() == place.rows());
}

TEST_CASE("a limit that is new finds what it would have found") {
    Place place{{}};
    fill(place);
    engine::EngineOptions after;
    after.limits = validation::SeriesRules<detect::limits::Rule>{
        {{.match = "*", .quantity = {}, .rule = {.low = {}, .high = 50, .step = {}, .margin = 1}}}};
    const auto replayed = place.replay({}, after);
    CHECK(replayed.windows_changed == 0);
    REQUIRE(replayed.findings_changed >= 1);
    const auto& found = replayed.findings_listed.front();
    CHECK_FALSE(found.before);
    CHECK(found.finding.code == detect::Code::limit);
    CHECK(replay::words_of(found).starts_with("found: "));
}

TEST_CASE("windows of a length that only one side has are told, not listed") {
    Place place{{}};
    fill(place);
    engine::EngineOptions after;
    after.spans = {1min, 5min, 1h};
    const auto replayed = place.replay({}, after);
    CHECK(replayed.windows_changed == 0);
    CHECK(replayed.lengths_new == std::vector<base::Duration>{5min});
    CHECK(replayed.lengths_gone == std::vector<base::Duration>{15min, 24h});
    const auto text = shell::to_text(replay::table_of(replayed, place.order(), true), {}, {});
    CHECK(text.find("windows of 5m would be made, too") != std::string::npos);
}

TEST_CASE("a series of which readings were summarised is left out, and that is said") {
    Place place{{}};
    fill(place);
    place.database.add("attic",
                       R"({"k":"data","t":1763643600000,"clk":"synced","series":)"
                       R"({"climate.temperature":{"span":10000,"dt":[0],"count":[5],"min":[20],)"
                       R"("max":[20],"sum":[100],"sumsq":[2000],"first":[20],"last":[20]}}})",
                       kNoon + 2h);
    place.database.commit();
    const auto replayed = place.replay({}, no_more_than(50));
    CHECK(replayed.windows == 0);
    REQUIRE(replayed.passed.size() == 1);
    CHECK(replayed.passed.front().series == "attic/climate.temperature");
    CHECK(replayed.passed.front().reason.find("summarised") != std::string::npos);
}

TEST_CASE("more differences than are shown are counted, and the table says so") {
    Place place{{}};
    fill(place);
    const auto replayed = place.replay({}, no_more_than(20), 5);
    CHECK(replayed.windows_listed.size() == 5);
    CHECK(replayed.windows_changed > 90);
    const auto table = replay::table_of(replayed, place.order(), true);
    CHECK(table.rows.size() == 5);
    CHECK(table.remark.find("5 are shown") != std::string::npos);
    CHECK(replay::table_of(replayed, place.order(), false).rows.empty());
    const auto csv = shell::to_csv(table, {});
    CHECK(csv.find("count 1 → 0, failed 0 → 1") != std::string::npos);
}

TEST_CASE("what a replay says leads from what one configuration stored to what the other would") {
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
        CAPTURE(seed);
        const auto before = no_more_than(70);
        const auto after = no_more_than(seed % 2 == 0 ? 40 : 95);
        Place one{before};
        Place other{after};
        base::Random random{seed};
        std::set<std::int64_t> taken;
        for (auto* place : {&one, &other}) {
            place->database.declare("attic", kSeries, "temperature", "Cel");
            place->database.declare("shed", kSeries, "temperature", "Cel");
        }
        for (int i = 0; i < 800; ++i) {
            const auto ms = static_cast<std::int64_t>(random.below(10 * 3'600'000));
            if (!taken.insert(ms).second) continue;
            const double value = static_cast<double>(random.below(400)) / 4;
            const auto* node = random.chance(1, 3) ? "shed" : "attic";
            for (auto* place : {&one, &other}) {
                place->database.read(node, kSeries, kNoon + base::Duration{ms}, value);
                if (i % 50 == 0) place->database.commit();
            }
        }
        one.database.commit();
        other.database.commit();
        auto rows = one.rows();
        const auto unlisted = [](auto& all) {  // They reach beyond the range.
            std::erase_if(all,
                          [](const auto& row) { return row.first.span == base::Duration{24h}; });
        };
        const auto replayed = one.replay(before, after);
        CHECK(replayed.readings == taken.size());
        for (const auto& [key, was, is] : replayed.windows_listed) {
            if (is) {
                rows[key] = *is;
                rows[key].revision = rows[key].late = 0;
            } else {
                rows.erase(key);
            }
        }
        auto wanted = other.rows();
        unlisted(rows);
        unlisted(wanted);
        CHECK(replayed.windows_changed > 100);
        CHECK(rows == wanted);
    }
}
