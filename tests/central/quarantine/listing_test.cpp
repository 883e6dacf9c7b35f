#include "central/quarantine/listing.hpp"

#include <doctest/doctest.h>

#include "base/json.hpp"
#include "central/shell/table/render.hpp"
#include "wire/record.hpp"

namespace {

std::string record() {
    auto summary = wire::Summary::of(1);
    summary.add(80);
    return wire::encode_record(
        {.body =
             wire::Data{
                 .at = base::from_milliseconds(1'763'640'000'000),
                 .clock = wire::ClockState::synced,
                 .boot = {},
                 .columns = {{.series = "a.x",
                              .points = wire::RawColumn{.dt_ms = {0, 1'500}, .values = {20, 80.5}}},
                             {.series = "b.x",
                              .points = wire::PartialColumn{.span = base::Duration{10'000},
                                                            .dt_ms = {0},
                                                            .summaries = {summary},
                                                            .sketches = {}}}}},
         .origin = {}});
}

sinks::QuarantinedLine some() {
    return {
        .id = 12,
        .line = {.node = "attic",
                 .incarnation = {0xfedcba9876543210U},
                 .seq = 41,
                 .line = record(),
                 .reason = "rule_range: a.x: 1 reading is set aside",
                 .received = base::from_milliseconds(1'763'640'061'007),
                 .parts = {"a.x#1 range at=1763640000000", "b.x#0 range at=1763640000000", "c.x"}}};
}

}  // namespace

TEST_CASE("a line in quarantine is listed with its number, its time and its reason") {
    CHECK(shell::to_text(quarantine::table_of({some()}), {}, {}) ==
          "NUMBER  RECEIVED                  NODE   RECORD  REASON\n"
          "    12  2025-11-20 12:01:01.007Z  attic      41  rule_range: a.x: 1 reading is set "
          "aside\n");
}

TEST_CASE("each reading that was set aside is shown with its time and value") {
    const auto text = quarantine::details_of(some());
    CAPTURE(text);
    CHECK(text.find("set aside a.x  2025-11-20T12:00:01.500Z  80.5, by its range\n") !=
          std::string::npos);
    CHECK(text.find("set aside b.x  2025-11-20T12:00:00.000Z  2 readings from 1 to 80, by its") !=
          std::string::npos);
    CHECK(text.find("not counted  c.x\n") != std::string::npos);
    CHECK(text.find("record    41 of incarnation fedcba9876543210\n") != std::string::npos);
}

TEST_CASE("foreign bytes cannot steer a terminal, and JSON stays JSON") {
    auto line = some();
    line.line.line = "\x1b[2J\xff";
    line.line.parts = {""};
    const auto text = quarantine::details_of(line);
    CHECK(text.find('\x1b') == std::string::npos);
    CHECK(text.find("not counted  all of it\n") != std::string::npos);
    CHECK(base::parse_json(quarantine::json_of(line)));
    const auto json = base::parse_json(quarantine::json_of(some()));
    REQUIRE(json);
    CHECK(json.value().find("id")->count() == 12);
    const auto& aside = *json.value().find("set_aside");
    REQUIRE(aside.array.size() == 2);
    CHECK(aside.array[0].find("max")->number == 80.5);
    CHECK(aside.array[0].find("breaks")->string == "range");
}
