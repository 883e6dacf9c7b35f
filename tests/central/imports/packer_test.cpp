#include "central/imports/packer.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <utility>

#include "wire/record.hpp"

namespace {

using namespace std::chrono_literals;

constexpr base::EventTime kNoon = base::from_milliseconds(1'704'110'400'000);  // 1 Jan 2024.

const std::vector<drivers::Quantity> kQuantities{
    {.name = "temperature", .kind = {}, .unit = "Cel", .least = {}, .most = {}, .resolution = {}},
    {.name = "humidity", .kind = {}, .unit = "%RH", .least = {}, .most = {}, .resolution = {}}};

drivers::Measurement reading(std::size_t quantity, double value, base::Duration after) {
    return {.quantity = quantity, .value = value, .taken = {}, .source_time = kNoon + after};
}

drivers::Failure failure(const std::string& cause, base::Duration after,
                         std::vector<std::size_t> quantities) {
    return {.reason = "line 3: " + cause,
            .taken = {},
            .source_time = kNoon + after,
            .quantities = std::move(quantities),
            .cause = cause};
}

template <class Body>
std::vector<Body> bodies(const delivery::Flush& flush) {
    std::vector<Body> found;
    for (const auto& line : flush.lines) {
        const auto record = wire::decode_record(line).value();
        if (const auto* body = std::get_if<Body>(&record.body)) found.push_back(*body);
    }
    return found;
}

drivers::Harvest harvest_of(std::vector<drivers::Measurement> measurements,
                            std::vector<drivers::Failure> failures = {}) {
    drivers::Harvest harvest;
    harvest.measurements = std::move(measurements);
    harvest.failures = std::move(failures);
    return harvest;
}

struct Bench {
    void add(std::vector<drivers::Measurement> measurements,
             std::vector<drivers::Failure> failures = {}) {
        packer.add("a.csv", kQuantities, harvest_of(std::move(measurements), std::move(failures)),
                   index);
    }

    imports::PackerOptions options{.sensor = "office", .kind = "ingest-csv", .period = 1min};
    imports::Packer packer{options};
    imports::SeriesIndex index;
};

}  // namespace

TEST_CASE("without a sensor a quantity has the whole name of its series") {
    imports::Packer packer{{.sensor = {}, .kind = "ingest-tables"}};
    imports::SeriesIndex index;
    auto quantity = kQuantities[0];
    quantity.name = "line1.temperature";
    quantity.kind = "temperature";
    packer.add("data_2024_01", {quantity}, harvest_of({reading(0, 21, 0s)}), index);
    const auto declared = bodies<wire::SeriesDeclaration>(packer.take_flush());
    REQUIRE(declared.size() == 1);
    CHECK(declared[0].series == "line1.temperature");
    CHECK(declared[0].quantity == "temperature");
}

TEST_CASE("a series is declared once, with its period, before its first reading") {
    Bench bench;
    bench.add({reading(0, 21, 0s), reading(1, 40, 0s)});
    const auto flush = bench.packer.take_flush();
    const auto declared = bodies<wire::SeriesDeclaration>(flush);
    REQUIRE(declared.size() == 2);
    CHECK(declared[0].series == "office.temperature");
    CHECK(declared[0].unit == "Cel");
    CHECK(declared[0].period == 1min);
    CHECK(std::holds_alternative<wire::Data>(wire::decode_record(flush.lines[2]).value().body));
    bench.add({reading(0, 22, 1min)});
    CHECK(bodies<wire::SeriesDeclaration>(bench.packer.take_flush()).empty());
}

TEST_CASE("two parts of which each has the columns in another order go into the same series") {
    Bench bench;
    bench.add({reading(0, 21, 0s)});
    imports::SeriesIndex other;
    bench.packer.add("b.csv", {kQuantities[1], kQuantities[0]}, harvest_of({reading(1, 22, 1min)}),
                     other);
    CHECK(bench.packer.series() == 2);
    const auto data = bodies<wire::Data>(bench.packer.take_flush());
    REQUIRE(data.size() == 1);
    REQUIRE(data[0].columns.size() == 1);
    CHECK(data[0].columns[0].series == "office.temperature");
    CHECK(data[0].readings() == 2);
}

TEST_CASE("what failed is counted in spans of ten seconds, by series and reason") {
    Bench bench;
    bench.add({}, {failure("no number", 1s, {0}), failure("no number", 9s, {0}),
                   failure("no number", 11s, {0}), failure("no time", 12s, {})});
    const auto failed = bodies<wire::Failed>(bench.packer.take_flush());
    REQUIRE(failed.size() == 1);
    CHECK(failed[0].span == 10s);
    std::map<std::pair<std::string, std::string>, std::vector<std::uint64_t>> counts;
    for (const auto& column : failed[0].columns) {
        counts[{column.series, column.reason}] = column.counts;
    }
    CHECK(counts[{"office.temperature", "no number"}] == std::vector<std::uint64_t>{2, 1});
    CHECK(counts[{"office.temperature", "no time"}] == std::vector<std::uint64_t>{1});
    CHECK(counts[{"office.humidity", "no time"}] == std::vector<std::uint64_t>{1});
    CHECK(bench.packer.tally().failed == 4);
    CHECK(bench.packer.tally().causes.at("no number") == 3);
    CHECK(bench.packer.tally().reasons.front() == "a.csv, line 3: no number");
}

TEST_CASE("readings of another time than was asked for are passed over, and counted") {
    Bench bench;
    bench.options.from = kNoon;
    bench.options.to = kNoon + 1min;
    bench.packer = imports::Packer{bench.options};
    bench.add({reading(0, 1, -1ms), reading(0, 2, 0s), reading(0, 3, 1min)},
              {failure("no number", 2min, {0})});
    const auto flush = bench.packer.take_flush();
    const auto data = bodies<wire::Data>(flush);
    REQUIRE(data.size() == 1);
    CHECK(data[0].readings() == 1);
    CHECK(bodies<wire::Failed>(flush).empty());
    CHECK(bench.packer.tally().readings == 1);
    CHECK(bench.packer.tally().outside == 3);
}

TEST_CASE("what no record can carry has failed, and is never a reading") {
    Bench bench;
    const auto infinite = std::numeric_limits<double>::infinity();
    bench.add({reading(0, infinite, 0s), reading(0, 1e200, 1s), reading(0, 1, 2s)});
    const auto flush = bench.packer.take_flush();
    CHECK(bodies<wire::Data>(flush).at(0).readings() == 1);
    CHECK(bodies<wire::Failed>(flush).at(0).columns.at(0).counts == std::vector<std::uint64_t>{2});
    CHECK(bench.packer.tally().failed == 2);
}

TEST_CASE("readings that go back in time, or stand still, are taken, and told") {
    Bench bench;
    bench.add({reading(0, 1, 2min), reading(0, 2, 1min), reading(0, 3, 1min), reading(1, 4, 1min)});
    CHECK(bench.packer.tally().readings == 4);
    CHECK(bench.packer.tally().backwards == 1);
    CHECK(bench.packer.tally().repeated == 1);
}

TEST_CASE("what failed is told before the readings of later minutes") {
    Bench bench;
    bench.add({reading(0, 1, 0s)});
    bench.add({}, {failure("no number", 61s, {0})});
    bench.add({reading(1, 1, 61s), reading(0, 2, 2min), reading(0, 3, 3min)});
    const auto flush = bench.packer.take_flush();
    std::vector<std::string> kinds;
    for (const auto& line : flush.lines) {
        const auto body = wire::decode_record(line).value().body;
        if (const auto* data = std::get_if<wire::Data>(&body)) {
            kinds.push_back(std::to_string(data->readings()));
        }
        if (std::holds_alternative<wire::Failed>(body)) kinds.emplace_back("failed");
    }
    CHECK(kinds == std::vector<std::string>{"2", "failed", "2"});
}
