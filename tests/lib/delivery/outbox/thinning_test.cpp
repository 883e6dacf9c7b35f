// Goal: the policy of thinning: what becomes of each kind of record, in one pass.
// Method: records are fed as an outbox would, with an inventory that says what else is stored.

#include "delivery/outbox/thinning.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/random.hpp"
#include "delivery/records/record_lines.hpp"

namespace {

using delivery::Detail;
using delivery::Inventory;
using delivery::ThinnedLine;
using delivery::Thinning;

constexpr std::int64_t kMinuteMs = 60'000;

wire::RawColumn every(std::int64_t step_ms, std::int64_t count, double value = 1.5) {
    wire::RawColumn column;
    for (std::int64_t i = 0; i < count; ++i) {
        column.dt_ms.push_back(i * step_ms);
        column.values.push_back(value + static_cast<double>(i % 5));
    }
    return column;
}

std::string data_line(std::int64_t at_ms, const std::string& series, wire::RawColumn column,
                      wire::ClockState clock = wire::ClockState::synced,
                      const std::string& boot = {}) {
    return wire::encode_record(
        {.body = wire::Data{.at = base::from_milliseconds(at_ms),
                            .clock = clock,
                            .boot = boot,
                            .columns = {{.series = series, .points = std::move(column)}}},
         .origin = {}});
}

std::string fault_line(const std::string& sensor, std::int64_t at_ms) {
    return wire::encode_record({.body = wire::SensorFault{.at = base::from_milliseconds(at_ms),
                                                          .clock = wire::ClockState::synced,
                                                          .boot = {},
                                                          .sensor = sensor,
                                                          .reason = "no answer",
                                                          .edges_us = {}},
                                .origin = {}});
}

/// Counts of one series and reason, each in a span of its own.
std::string failed_line(std::int64_t at_ms, base::Duration span,
                        const std::vector<std::uint64_t>& counts,
                        const std::string& reason = "checksum") {
    wire::FailedColumn column{.series = "a.x", .reason = reason, .dt_ms = {}, .counts = counts};
    for (std::size_t i = 0; i < counts.size(); ++i) {
        column.dt_ms.push_back(static_cast<std::int64_t>(i) * span.count());
    }
    return wire::encode_record({.body = wire::Failed{.at = base::from_milliseconds(at_ms),
                                                     .clock = wire::ClockState::synced,
                                                     .boot = {},
                                                     .span = span,
                                                     .columns = {column}},
                                .origin = {}});
}

std::string declaration_line(const std::string& series) {
    return wire::encode_record({.body = wire::SeriesDeclaration{.series = series,
                                                                .quantity = "x",
                                                                .unit = "/",
                                                                .driver = "d",
                                                                .least = {},
                                                                .most = {},
                                                                .resolution = {},
                                                                .period = {}},
                                .origin = {}});
}

std::string gap_line(std::uint64_t from, std::uint64_t to, wire::GapReason reason) {
    return wire::encode_record({.body = wire::Gap{.from = from,
                                                  .to = to,
                                                  .readings = 70,
                                                  .first = base::from_milliseconds(1),
                                                  .last = base::from_milliseconds(2),
                                                  .reason = reason},
                                .origin = {}});
}

struct Stored {
    std::string line;
    std::uint64_t readings = 0;
    Detail detail = Detail::full;
    std::int64_t at_ms = 5;
};

delivery::Flush::Content content_of(const Stored& record) {
    return {.readings = record.readings, .first_ms = record.at_ms, .last_ms = record.at_ms + 1};
}

/// All the records in one pass; behind them are `fresh` bytes of full detail.
std::vector<ThinnedLine> thin(const std::vector<Stored>& records, std::size_t fresh = 0,
                              std::uint64_t first = 11) {
    Inventory inventory;
    auto seq = first;
    for (const auto& record : records) {
        inventory.add(seq++, record.detail, content_of(record), record.line);
    }
    if (fresh > 0) inventory.add(seq, Detail::full, {}, std::string(fresh, 'x'));
    Thinning pass{inventory};
    seq = first;
    for (const auto& record : records) {
        pass.accept(seq++, record.detail, content_of(record), record.line);
    }
    auto lines = pass.lines();
    for (const auto& line : lines) {
        const auto decoded = wire::decode_record(line.line);
        CHECK_MESSAGE(decoded, (decoded ? "" : decoded.error().detail));
        CHECK(line.line.size() <= delivery::kLineBytesUsed);
    }
    return lines;
}

template <class Body>
std::vector<Body> all_of(const std::vector<ThinnedLine>& lines) {
    std::vector<Body> found;
    for (const auto& line : lines) {
        auto record = wire::decode_record(line.line);
        if (auto* body = std::get_if<Body>(&record.value().body)) found.push_back(std::move(*body));
    }
    return found;
}

bool holds(const std::vector<ThinnedLine>& lines, const std::string& line, Detail detail) {
    return std::any_of(lines.begin(), lines.end(), [&](const ThinnedLine& each) {
        return each.line == line && each.detail == detail;
    });
}

std::vector<std::int64_t> spans(const std::vector<ThinnedLine>& lines) {
    std::vector<std::int64_t> spans;
    for (const auto& data : all_of<wire::Data>(lines)) {
        for (const auto& column : data.columns) {
            const auto* partial = std::get_if<wire::PartialColumn>(&column.points);
            spans.push_back(partial == nullptr ? 0 : partial->span.count());
        }
    }
    return spans;
}

using Spans = std::vector<std::int64_t>;

}  // namespace

TEST_CASE("readings become minutes, minutes quarters, and one gap record declares it") {
    const auto once = thin({{data_line(0, "a.b", every(100, 600)), 600}});
    REQUIRE(once.size() == 2);
    const auto gap = all_of<wire::Gap>(once).at(0);
    CHECK(gap.from == 11);
    CHECK(gap.to == 11);
    CHECK(gap.readings == 600);
    CHECK(gap.reason == wire::GapReason::thinned);
    CHECK(once[0].content.readings == 0);  // They are in the other record.
    CHECK(once[1].content.readings == 600);
    CHECK(once[1].content.first_ms == 0);
    CHECK(once[1].content.last_ms == 59'900);
    CHECK(once[1].detail == Detail::minutes);
    CHECK(spans(once) == Spans{kMinuteMs});
    std::vector<Stored> minutes;
    for (int i = 0; i < 15; ++i) {
        const auto line = thin({{data_line(i * kMinuteMs, "a.b", every(100, 600)), 600}})[1];
        minutes.push_back({line.line, 600, Detail::minutes});
    }
    const auto twice = thin(minutes);
    CHECK(twice.size() == 2);
    CHECK(twice[1].detail == Detail::quarters);
    CHECK(spans(twice) == Spans{15 * kMinuteMs});
    CHECK(all_of<wire::Data>(twice).at(0).readings() == 15 * 600);
}

TEST_CASE("history moves while a fourth is more detailed, and gives way when less is") {
    const auto line = data_line(0, "a.b", every(100, 600));
    for (const auto detail : {Detail::minutes, Detail::quarters}) {
        const auto moved = thin({{line, 600, detail}}, line.size() / 2);
        CHECK(holds(moved, line, detail));
        CHECK(all_of<wire::Gap>(moved).at(0).readings == 0);
        CHECK(all_of<wire::Gap>(moved).at(0).reason == wire::GapReason::thinned);
        CHECK_FALSE(holds(thin({{line, 600, detail}}, line.size() / 4), line, detail));
    }
    const auto gone = thin({{line, 600, Detail::quarters}}, line.size() / 4);
    REQUIRE(gone.size() == 1);
    CHECK(all_of<wire::Gap>(gone).at(0).reason == wire::GapReason::evicted);
    CHECK(gone[0].content.readings == 600);
}

TEST_CASE("the oldest history gives way first, wherever it is stored") {
    const auto line = data_line(0, "a.b", every(100, 600));
    constexpr std::int64_t kDay = 86'400'000;
    for (const auto detail : {Detail::minutes, Detail::quarters}) {
        const auto lines = thin(
            {{line, 1, detail, 3 * kDay}, {line, 2, detail, 4 * kDay}, {line, 3, detail, kDay}});
        REQUIRE(holds(lines, line, detail));
        CHECK(std::count_if(lines.begin(), lines.end(),
                            [&](const auto& each) { return each.line == line; }) == 2);
        CHECK(all_of<wire::Gap>(lines).at(0).readings == 3);
    }
}

TEST_CASE("a slow sensor keeps its readings in fewer records as long as that is shorter") {
    std::vector<Stored> records;
    for (int i = 0; i < 30; ++i) {
        records.push_back({data_line(i * kMinuteMs, "a.b", every(1, 1, i)), 1});
    }
    const auto once = thin(records);
    REQUIRE(once.size() == 2);
    CHECK(spans(once) == Spans{0});
    CHECK(all_of<wire::Data>(once).at(0).readings() == 30);
    CHECK(once[1].detail == Detail::minutes);
    const auto twice = thin({{once[1].line, 30, Detail::minutes}});
    CHECK(all_of<wire::Data>(twice).at(0).readings() == 30);
    CHECK(twice[1].detail == Detail::quarters);
}

TEST_CASE("clocks and boots are never mixed, and boot time is folded on its own axis") {
    using wire::ClockState;
    const auto lines =
        thin({{data_line(0, "a.b", every(100, 300), ClockState::synced), 300},
              {data_line(30'000, "a.b", every(100, 300), ClockState::holdover), 300},
              {data_line(0, "a.b", every(100, 300), ClockState::boot, "one"), 300},
              {data_line(0, "a.b", every(100, 300), ClockState::boot, "two"), 300},
              {data_line(30'000, "a.b", every(100, 300), ClockState::boot, "two"), 300}});
    const auto data = all_of<wire::Data>(lines);
    REQUIRE(data.size() == 4);
    std::map<std::pair<ClockState, std::string>, std::uint64_t> readings;
    for (const auto& each : data) readings[{each.clock, each.boot}] += each.readings();
    CHECK(readings[{ClockState::synced, ""}] == 300);
    CHECK(readings[{ClockState::holdover, ""}] == 300);
    CHECK(readings[{ClockState::boot, "one"}] == 300);
    CHECK(readings[{ClockState::boot, "two"}] == 600);
}

TEST_CASE("declarations move unless superseded, of faults the first of each sensor stays") {
    const auto old = declaration_line("a.b");
    const auto lines = thin({{old, 0},
                             {declaration_line("a.c"), 0},
                             {fault_line("a", 1), 0},
                             {fault_line("a", 2), 0},
                             {fault_line("b", 3), 0},
                             {old, 0}});
    CHECK(std::count_if(lines.begin(), lines.end(),
                        [&](const auto& line) { return line.line == old; }) == 1);
    CHECK(holds(lines, declaration_line("a.c"), Detail::quarters));
    CHECK(holds(lines, fault_line("a", 1), Detail::quarters));
    CHECK_FALSE(holds(lines, fault_line("a", 2), Detail::quarters));
    CHECK(holds(lines, fault_line("b", 3), Detail::quarters));
}

TEST_CASE("gap records are merged into new ones with the same reason") {
    const auto corrupt = gap_line(2, 2, wire::GapReason::corrupt);
    const auto lines = thin({{gap_line(3, 7, wire::GapReason::thinned), 0, Detail::quarters},
                             {gap_line(1, 5, wire::GapReason::evicted), 70, Detail::quarters},
                             {corrupt, 70}});
    const auto gaps = all_of<wire::Gap>(lines);
    REQUIRE(gaps.size() == 3);
    CHECK(gaps[0].reason == wire::GapReason::evicted);
    CHECK(gaps[0].from == 1);
    CHECK(gaps[0].readings == 70);
    CHECK(gaps[1].reason == wire::GapReason::thinned);
    CHECK(gaps[1].from == 3);
    CHECK(gaps[1].to == 13);
    CHECK(gaps[1].readings == 0);
    CHECK(holds(lines, corrupt, Detail::quarters));
}

TEST_CASE("what comes from another incarnation, or cannot be read, is not touched") {
    const wire::Origin origin{.incarnation = {7}, .seq = 3, .hash = {}};
    const auto tagged = wire::with_origin(data_line(0, "a.b", every(100, 600)), origin);
    CHECK(holds(thin({{tagged, 600}}), tagged, Detail::quarters));
}

TEST_CASE("partials longer than a step, or across its borders, stay unchanged") {
    for (const auto& [start, span] :
         {std::pair{std::int64_t{0}, std::int64_t{3'600'000}}, {30'000, kMinuteMs}}) {
        delivery::SpanFold fold{base::Duration{span}};
        fold.add(base::from_milliseconds(10), 4);
        auto column =
            delivery::column_of(fold.take_all(), base::Duration{span}, base::from_milliseconds(0));
        const auto line = wire::encode_record(
            {.body = wire::Data{.at = base::from_milliseconds(start),
                                .clock = wire::ClockState::synced,
                                .boot = {},
                                .columns = {{.series = "a.b", .points = column}}},
             .origin = {}});
        const auto lines = thin({{line, 1}});
        CHECK(spans(lines) == Spans{span});
        CHECK(all_of<wire::Data>(lines).at(0).readings() == 1);
    }
}

TEST_CASE("whatever is condensed, lines stay within their limits and no reading is lost") {
    base::Random random{5};
    for (int round = 0; round < 30; ++round) {
        std::vector<Stored> records;
        std::uint64_t readings = 0;
        for (int i = 0; i < 40; ++i) {
            wire::Data data{.at = base::from_milliseconds(i * 700'000),
                            .clock = wire::ClockState::synced,
                            .boot = {},
                            .columns = {}};
            for (std::uint64_t s = 0; s < 1 + random.below(20); ++s) {
                wire::RawColumn column;
                for (std::uint64_t n = 0; n < 1 + random.below(25); ++n) {
                    column.dt_ms.push_back(static_cast<std::int64_t>(random.below(600'000)));
                    column.values.push_back(random.normal() * std::pow(10, random.below(12)));
                }
                data.columns.push_back(
                    {.series = fmt::format("sensor{}.quantity", s), .points = column});
            }
            readings += data.readings();
            const auto count = data.readings();
            records.push_back({wire::encode_record({.body = data, .origin = {}}), count});
        }
        const auto once = thin(records);
        std::uint64_t found = 0;
        std::vector<Stored> again;
        for (const auto& line : once) {
            found += line.content.readings;
            again.push_back({line.line, line.content.readings, line.detail});
        }
        CHECK(found == readings);
        found = 0;
        for (const auto& data : all_of<wire::Data>(thin(again, 0, 100))) found += data.readings();
        CHECK(found == readings);
    }
}

TEST_CASE("counts of failures are thinned like readings, and none of them is lost") {
    const auto first = failed_line(50'000, std::chrono::seconds{10}, {1, 2, 4});
    const auto second = failed_line(70'000, std::chrono::seconds{10}, {8}, "no answer");
    const auto once =
        thin({{first, 0}, {second, 0}, {failed_line(70'000, std::chrono::seconds{10}, {16}), 0}});
    auto records = all_of<wire::Failed>(once);
    REQUIRE(records.size() == 1);
    CHECK(records[0].span == std::chrono::minutes{1});
    CHECK(records[0].at == base::from_milliseconds(0));
    REQUIRE(records[0].columns.size() == 2);
    CHECK(records[0].columns[0].reason == "checksum");
    CHECK(records[0].columns[0].dt_ms == std::vector<std::int64_t>{0, 60'000});
    CHECK(records[0].columns[0].counts == std::vector<std::uint64_t>{1, 22});
    CHECK(records[0].columns[1].counts == std::vector<std::uint64_t>{8});
    CHECK(all_of<wire::Gap>(once).at(0).readings == 0);
    // A quarter of an hour next, and that is the end of it.
    const auto line = failed_line(0, std::chrono::minutes{1}, {1, 2, 4, 8});
    const auto twice = thin({{line, 0, Detail::minutes}}, 0);
    records = all_of<wire::Failed>(twice);
    REQUIRE(records.size() == 1);
    CHECK(records[0].span == std::chrono::minutes{15});
    CHECK(records[0].columns.at(0).counts == std::vector<std::uint64_t>{15});
    // A span that does not divide the next stays as it is.
    const auto odd = failed_line(7, std::chrono::seconds{7}, {3});
    CHECK(holds(thin({{odd, 0}}), odd, Detail::minutes));
}
