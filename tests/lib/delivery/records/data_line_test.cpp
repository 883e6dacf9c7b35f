// Goal: a line holds as much as the wire allows, and only points that belong together.

#include "delivery/records/data_line.hpp"

#include <doctest/doctest.h>

#include <span>

#include "base/json.hpp"

namespace {

using delivery::DataLine;
using delivery::Point;

base::EventTime at(std::int64_t ms) {
    return base::from_milliseconds(ms);
}

delivery::Partial partial(std::int64_t start_ms, bool has_sketch) {
    delivery::Partial partial{.start = at(start_ms),
                              .first_at = at(start_ms + 1),
                              .last_at = at(start_ms + 9),
                              .summary = {.count = 2, .sum = 3, .sumsq = 5, .min = 1, .max = 2},
                              .sketch = {}};
    if (has_sketch) partial.sketch.emplace();
    return partial;
}

const std::vector<std::string> kNames{"a.b", "c.d"};

}  // namespace

TEST_CASE("a line is full at the limit of bytes, and at the limit of readings") {
    DataLine narrow(delivery::kLineBytesUsed - 10);
    CHECK(narrow.add({.at = at(1)}, 10));
    CHECK_FALSE(narrow.add({.at = at(1)}, 1));
    DataLine wide;
    for (std::size_t i = 0; i < wire::kRecordReadingsMax; ++i) REQUIRE(wide.add({.at = at(1)}, 1));
    CHECK_FALSE(wide.add({.at = at(1)}, 1));
}

TEST_CASE("a number is as long as JSON writes it, a negative zero too") {
    for (const double number : {0.0, -0.0, 1.0, -1.5, 21.4, 1e-9, 1e150, 0.1 + 0.2}) {
        base::JsonWriter json;
        json.value(number);
        CHECK(delivery::length_of(number) == json.take().size());
    }
}

TEST_CASE("a column holds readings or spans of one length, all with a sketch or all without") {
    const auto plain = partial(0, false);
    const auto sketched = partial(0, true);
    const base::Duration span{10};
    DataLine line;
    CHECK(line.add({.series = 0, .at = at(0)}, 1));
    CHECK_FALSE(line.add({.series = 0, .at = at(0), .span = span, .partial = &plain}, 1));
    CHECK(line.add({.series = 1, .at = at(0), .span = span, .partial = &plain}, 1));
    CHECK_FALSE(line.add({.series = 1, .at = at(0), .span = span, .partial = &sketched}, 1));
    CHECK_FALSE(line.add({.series = 1, .at = at(0), .span = 2 * span, .partial = &plain}, 1));
    CHECK(line.has_column(1));
    CHECK_FALSE(line.has_column(2));
}

TEST_CASE("a finished line has its columns in the order of their series, and its true times") {
    const auto plain = partial(100, false);
    DataLine line;
    REQUIRE(
        line.add({.series = 1, .at = at(100), .span = base::Duration{10}, .partial = &plain}, 1));
    REQUIRE(line.add({.series = 0, .at = at(90), .value = 7}, 1));
    CHECK(line.start() == at(90));
    const wire::Data header{
        .at = at(90), .clock = wire::ClockState::synced, .boot = {}, .columns = {}};
    const auto [text, content] = line.finish(header, kNames);
    CHECK(content.readings == 3);
    CHECK(content.first_ms == 90);
    CHECK(content.last_ms == 109);
    const auto record = wire::decode_record(text);
    REQUIRE(record);
    const auto& data = std::get<wire::Data>(record.value().body);
    REQUIRE(data.columns.size() == 2);
    CHECK(data.columns[0].series == "a.b");
    CHECK(std::get<wire::RawColumn>(data.columns[0].points).values == std::vector{7.0});
    CHECK(std::get<wire::PartialColumn>(data.columns[1].points).dt_ms == std::vector{10L});
}

TEST_CASE("packing keeps the order and leaves nothing out") {
    const std::vector<int> items{1, 2, 3, 4, 5, 6, 7};
    std::vector<int> packed;
    std::vector<std::size_t> sizes;
    delivery::pack(
        std::span{items}, [](auto) { return DataLine{}; },
        [](DataLine& line, auto, int) {
            return line.add({.at = at(0)}, delivery::kLineBytesUsed / 3);
        },
        [&](const DataLine&, auto part) {
            sizes.push_back(part.size());
            packed.insert(packed.end(), part.begin(), part.end());
        });
    CHECK(packed == items);
    CHECK(sizes == std::vector<std::size_t>{3, 3, 1});
}
