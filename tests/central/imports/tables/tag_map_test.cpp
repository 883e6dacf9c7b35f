#include "central/imports/tables/tag_map.hpp"

#include <doctest/doctest.h>

#include <string>

using imports::tables::TagMap;

namespace {

base::Settings settings_of(const std::string& lines) {
    return base::Settings::parse("[tags]\n" + lines, "central.toml").value();
}

TagMap map_of(const std::string& lines) {
    auto settings = settings_of(lines);
    auto table = settings.table("tags");
    auto map = TagMap::read(table);
    const auto checked = settings.check();
    REQUIRE_MESSAGE(checked, checked.error().detail);
    return map;
}

/// "line1.temperature Cel", or "" where it is mapped nowhere.
std::string series_of(const TagMap& map, const std::string& path) {
    const auto found = map.find(path);
    REQUIRE_MESSAGE(found, found.error().detail);
    return found.value() ? found.value()->name + " " + found.value()->unit : std::string{};
}

std::string refusal(const std::string& lines) {
    auto settings = settings_of(lines);
    auto table = settings.table("tags");
    TagMap::read(table);
    const auto checked = settings.check();
    REQUIRE_FALSE(checked);
    return checked.error().detail;
}

}  // namespace

TEST_CASE("a tag is the series that its line says, and no other is mapped") {
    const auto map =
        map_of("\"line 1/Temp\" = \"line1.temperature\"\n\"line 1/p\" = \"line1.pressure:mbar\"\n");
    CHECK(series_of(map, "line 1/Temp") == "line1.temperature Cel");
    CHECK(series_of(map, "line 1/p") == "line1.pressure Pa");
    CHECK(map.find("line 1/p").value()->scale.apply(1'013) == doctest::Approx(101'300));
    CHECK(map.find("line 1/p").value()->quantity == "pressure");
    CHECK(series_of(map, "line 1/temp").empty());
    CHECK(series_of(map, "").empty());
}

TEST_CASE("a rule maps every path that fits it, and a line of its own counts for more") {
    const auto map = map_of(
        "\"*/{sensor}/{quantity}\" = \"{sensor}.{quantity}\"\n"
        "\"plant/oven/temperature\" = \"oven.core:degF\"\n");
    CHECK(series_of(map, "plant/hall/Line 7/Humidity") == "line_7.humidity %RH");
    CHECK(series_of(map, "plant/oven/temperature") == "oven.core Cel");
    CHECK(map.find("plant/oven/temperature").value()->scale.apply(212) == doctest::Approx(100));
    CHECK(series_of(map, "oven/temperature").empty());
    const auto level = map_of("\"plant/{quantity}\" = \"plant.{quantity}:V\"\n");
    CHECK(series_of(level, "plant/u1") == "plant.u1 V");
    CHECK(series_of(level, "plant/").empty());
    CHECK(series_of(level, "plant/a/b").empty());
}

TEST_CASE("what is no series is refused with its line") {
    CHECK(refusal("a = \"temperature\"\n").find("write sensor.quantity:unit") != std::string::npos);
    CHECK(refusal("a = \"Line.temperature\"\n").find("is no series") != std::string::npos);
    CHECK(refusal("a = \"line.Temp\"\n").find("is no quantity name") != std::string::npos);
    CHECK(refusal("\"{x}/b\" = \"{y}.temperature\"\n").find("the path has not") !=
          std::string::npos);
}

TEST_CASE("the same lines have the same text, others another one") {
    CHECK(map_of("a = \"x.y\"\n").text() == map_of("a = \"x.y\"\n").text());
    CHECK(map_of("a = \"x.y\"\n").text() != map_of("a = \"x.z\"\n").text());
}
