#include "central/imports/tables/month_pattern.hpp"

#include <doctest/doctest.h>

#include <string>

using imports::tables::MonthPattern;
using std::chrono::month;
using std::chrono::year;

namespace {

/// "2026-11", or "" where the name is none of the pattern.
std::string month_in(const std::string& pattern, const std::string& name) {
    const auto parsed = MonthPattern::parse(pattern);
    REQUIRE(parsed);
    const auto found = parsed.value().month_of(name);
    if (!found) return {};
    return std::to_string(static_cast<int>(found->year())) + "-" +
           std::to_string(static_cast<unsigned>(found->month()));
}

}  // namespace

TEST_CASE("a name of the pattern is the table of its month, whatever its case") {
    CHECK(month_in("sqlt_data_1_{YYYY}_{MM}", "sqlt_data_1_2026_11") == "2026-11");
    CHECK(month_in("sqlt_data_1_{YYYY}_{MM}", "SQLT_Data_1_2026_03") == "2026-3");
    CHECK(month_in("Data{yyyy}{mm}", "data202601") == "2026-1");
    CHECK(month_in("{MM}-{YY}.log", "12-25.log") == "2025-12");
    CHECK(month_in("d_{YYYY}_{M}", "d_2026_1") == "2026-1");
    CHECK(month_in("d_{YYYY}_{M}", "d_2026_11") == "2026-11");
}

TEST_CASE("a name that is another one is not touched") {
    for (const auto* name :
         {"sqlt_data_1_2026_13", "sqlt_data_1_2026_00", "sqlt_data_1_2026_1",
          "sqlt_data_1_2026_11_", "xsqlt_data_1_2026_11", "sqlt_data_2_2026_11",
          "sqlt_data_1_0026_11", "sqlt_data_1_2026_", "sqlt_data_1_20261_1", "sqlth_te", ""}) {
        CAPTURE(name);
        CHECK(month_in("sqlt_data_1_{YYYY}_{MM}", name).empty());
    }
}

TEST_CASE("a pattern without a year or a month, or with another word, is refused") {
    for (const auto* pattern : {"", "data", "data_{YYYY}", "data_{MM}", "d_{YYYY}_{MM}_{DD}",
                                "d_{YYYY}_{YY}_{MM}", "d_{YYYY}_{MM}_{M}", "d_{YYYY"}) {
        CAPTURE(pattern);
        const auto parsed = MonthPattern::parse(pattern);
        REQUIRE_FALSE(parsed);
        CHECK(parsed.error().detail.find("{YYYY}") != std::string::npos);
    }
}

TEST_CASE("a month begins at its first midnight") {
    CHECK(base::to_milliseconds(imports::tables::start_of(year{2026} / month{11})) ==
          1'793'491'200'000);
}
