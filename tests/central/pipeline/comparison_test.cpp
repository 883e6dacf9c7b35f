// Goal: what the comparison of neighbours finds depends on what the nodes sent alone: not on the
// order in which it is read, nor on what dies in between. Method: four nodes on paper, one of which
// drifts; their records come in different orders, while the sink fails and central dies; findings
// must be equal.

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "base/random.hpp"
#include "central/pipeline/centre.hpp"
#include "central/pipeline/scripted_source.hpp"
#include "central/pipeline/written_node.hpp"

using namespace central_test;

namespace {

constexpr int kDays = 21;
constexpr int kHours = 24 * kDays;
constexpr base::EventTime kBegin{20'000 * 24h};

struct Room {
    std::string node;
    std::string unit = "Cel";
    std::string location = "/house";
    double drift_a_day = 0;
    int away_from = kHours;  // Hours of which nothing is sent before `away_to`.
    int away_to = kHours;
    bool is_lost = false;  // Not even then.
};

std::string declaration(const Room& room) {
    wire::SeriesDeclaration declared{.series = "climate.temperature",
                                     .quantity = "temperature",
                                     .unit = room.unit,
                                     .driver = "dht",
                                     .least = {},
                                     .most = {},
                                     .resolution = 0.1,
                                     .period = 1h};
    declared.situation = wire::Situation{.at = kBegin,
                                         .clock = wire::ClockState::synced,
                                         .boot = {},
                                         .location = room.location,
                                         .tags = {}};
    return wire::encode_record({.body = declared, .origin = {}});
}

std::string reading(base::EventTime at, double value) {
    const wire::RawColumn points{.dt_ms = {0}, .values = {value}};
    return wire::encode_record(
        {.body = wire::Data{.at = at,
                            .clock = wire::ClockState::synced,
                            .boot = {},
                            .columns = {{.series = "climate.temperature", .points = points}}},
         .origin = {}});
}

/// When an entry comes, in hours after the beginning, and the entry.
using Sent = std::vector<std::pair<int, ingest::Entry>>;

Sent written(const Room& room, std::uint64_t seed) {
    base::Random random{seed};
    WrittenNode node{room.node, 1};
    std::vector<int> hours{0};
    node.add(declaration(room));
    for (int hour = 0; hour < kHours; ++hour) {
        const bool is_away = hour >= room.away_from && hour < room.away_to;
        if (is_away && room.is_lost) continue;
        const double drift = room.drift_a_day * std::max(0, hour - 16 * 24) / 24;
        const double rhythm = hour % 24 < 12 ? 0 : 4;
        node.add(reading(kBegin + hour * 1h + 30min, 20 + rhythm + drift + 0.1 * random.normal()));
        hours.push_back(is_away ? room.away_to : hour);
    }
    Sent sent;
    for (std::uint64_t seq = 1; seq <= node.head(); ++seq) {
        auto entry = node.entry(seq);
        entry.received = kBegin + (hours[seq - 1] + 1) * 1h;
        sent.emplace_back(hours[seq - 1], entry);
    }
    return sent;
}

/// In the order of the hours, as nodes send.
Sent all_of(const std::vector<Room>& rooms) {
    Sent all;
    for (std::size_t i = 0; i < rooms.size(); ++i) {
        const auto sent = written(rooms[i], i);
        all.insert(all.end(), sent.begin(), sent.end());
    }
    std::stable_sort(all.begin(), all.end(),
                     [](const auto& one, const auto& other) { return one.first < other.first; });
    return all;
}

std::vector<Room> house() {
    return {{.node = "attic", .drift_a_day = 1.5},
            {.node = "bath"},
            {.node = "cellar"},
            {.node = "den"}};
}

using Findings = std::map<detect::FindingKey, detect::Finding>;

Findings drifts(Centre& centre) {
    const auto rows = centre.query().findings(
        {.from = base::EventTime::min(), .to = base::EventTime::max(), .rows_max = 1'000});
    REQUIRE(rows);
    Findings found;
    for (const auto& row : rows.value()) {
        if (row.finding.code != detect::Code::drift) continue;
        found[{.node = row.node,
               .series = row.series,
               .code = row.finding.code,
               .from = row.finding.from}] = row.finding;
    }
    return found;
}

/// Until all is read and judged.
void settle(Centre& centre) {
    for (int quiet = 0; quiet < 3;) {
        const auto progress = centre.tick(40s);
        quiet = progress.more || progress.entries > 0 ? 0 : quiet + 1;
    }
}

/// All at once, in this order.
Findings run_at_once(const Sent& sent) {
    ScriptedSource source;
    Centre centre{source};
    for (const auto& [hour, entry] : sent) source.append(entry);
    settle(centre);
    return drifts(centre);
}

/// So many hours at a time; after each something may fail or die.
Findings run_live(const Sent& sent, int hours, std::uint64_t seed, std::uint64_t faults) {
    base::Random random{seed};
    ScriptedSource source;
    Centre centre{source};
    auto next = sent.begin();
    for (int now = 0; next != sent.end(); now += hours) {
        for (; next != sent.end() && next->first <= now; ++next) source.append(next->second);
        for (int quiet = 0; quiet < 2;) {
            const auto progress = centre.tick(70s);
            const bool is_quiet = !progress.more && progress.entries == 0;
            quiet = is_quiet && !centre.pipeline->trouble() ? quiet + 1 : 0;
            if (faults == 0 || !random.chance(1, faults)) continue;
            const auto fault = random.below(3);
            if (fault == 0) centre.sink->fail_before = 1;
            if (fault == 1) centre.sink->fail_after = 1;
            if (fault == 2) centre.restart();
        }
    }
    settle(centre);
    return drifts(centre);
}

}  // namespace

TEST_SUITE("central/comparison") {
    TEST_CASE("the findings are the same in whatever order it is read, and whatever dies") {
        const auto rooms = house();
        const auto once = run_live(all_of(rooms), 6, 1, 0);
        REQUIRE(once.size() == 1);
        CHECK(once.begin()->first.node == "attic");
        CHECK(once.begin()->second.sentence.starts_with(
            "attic/climate.temperature drifts up from its 3 neighbours in /house"));
        CHECK(run_live(all_of(rooms), 30, 2, 10) == once);
        CHECK(run_live(all_of(rooms), 7, 3, 40) == once);
        Sent by_node;
        for (std::size_t i = rooms.size(); i-- > 0;) {
            const auto sent = written(rooms[i], i);
            by_node.insert(by_node.end(), sent.begin(), sent.end());
        }
        CHECK(run_at_once(by_node) == once);
    }

    TEST_CASE("a node away for hours is waited for, and one that is gone is not") {
        auto rooms = house();
        const auto once = run_live(all_of(rooms), 6, 1, 0);
        rooms[2].away_from = 18 * 24;
        rooms[2].away_to = 18 * 24 + 20;
        CHECK(run_live(all_of(rooms), 6, 1, 0) == once);
        rooms[2].away_to = kHours;
        rooms[2].is_lost = true;
        const auto without = run_live(all_of(rooms), 6, 1, 0);
        REQUIRE(without.size() == 1);
        CHECK(without.begin()->first == once.begin()->first);
    }

    TEST_CASE("series in other units or houses are no neighbours") {
        auto rooms = house();
        rooms[1].unit = "K";
        rooms[2].location = "/garage";
        CHECK(run_at_once(all_of(rooms)).empty());
    }

    TEST_CASE("it can be switched off") {
        ScriptedSource source;
        Centre centre{source};
        centre.stop();
        centre.engine.detection = false;
        centre.start();
        for (const auto& [hour, entry] : all_of(house())) source.append(entry);
        settle(centre);
        CHECK(drifts(centre).empty());
    }

    TEST_CASE("what drifts ends when it is switched off, and when too few are left to compare") {
        for (const bool is_off : {true, false}) {
            ScriptedSource source;
            Centre centre{source};
            for (const auto& [hour, entry] : all_of(house())) source.append(entry);
            settle(centre);
            REQUIRE(drifts(centre).size() == 1);
            CHECK_FALSE(drifts(centre).begin()->second.ended);
            if (!is_off) {
                for (const auto* node : {"bath", "cellar"}) REQUIRE(centre.file().forget(node));
            }
            centre.drift = !is_off;
            centre.restart();
            settle(centre);
            REQUIRE(drifts(centre).size() == 1);
            CHECK(drifts(centre).begin()->second.ended);
        }
    }

    TEST_CASE("what comes late for an hour that was judged changes no finding") {
        ScriptedSource source;
        Centre centre{source};
        const auto sent = all_of(house());
        for (const auto& [hour, entry] : sent) source.append(entry);
        settle(centre);
        const auto found = drifts(centre);
        REQUIRE(found.size() == 1);
        WrittenNode late{"bath", 2};
        for (int hour = 0; hour < 5 * 24; ++hour) {
            late.add(reading(kBegin + (kHours - 1 - hour) * 1h, 90));
        }
        for (std::uint64_t seq = 1; seq <= late.head(); ++seq) {
            auto entry = late.entry(seq);
            entry.received = kBegin + kHours * 1h;
            source.append(entry);
        }
        settle(centre);
        CHECK(drifts(centre) == found);
    }
}
