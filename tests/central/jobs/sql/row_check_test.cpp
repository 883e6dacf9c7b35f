#include "central/jobs/sql/row_check.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <string>

using jobs::RowCheck;
using jobs::RowKind;
using jobs::TimeForm;

namespace {

const jobs::Layout kLayout = jobs::layout_of(RowKind::readings, "t", TimeForm::text);

jobs::OutRow row_of(double value, const std::string& unit = "Cel",
                    base::EventTime at = base::from_milliseconds(1'000)) {
    jobs::OutRow row{.at = at, .extremes = {{value, value}}};
    row.values = {"attic/a.b",
                  jobs::value_of(kLayout.form, at).value_or(odbc::Value{}),
                  std::int64_t{0},
                  "temperature",
                  unit,
                  value,
                  "good",
                  "synced"};
    jobs::append_mark(row.values);
    return row;
}

}  // namespace

TEST_CASE("a range is a pattern and two numbers, and anything else is told how to be written") {
    const auto range = jobs::parse_value_range(" */climate.* = -40 .. 85.5 ");
    REQUIRE(range);
    CHECK(range.value().match == "*/climate.*");
    CHECK(range.value().low == -40);
    CHECK(range.value().high == 85.5);
    CHECK(jobs::parse_value_range("a=-1e3..-1e2"));
    for (const char* wrong : {"", "a", "a=1", "a=..2", "a=1..", "a=2..1", "=1..2", "a=1..nan",
                              "a=1..2x", "a=1..inf", "1..2"}) {
        CAPTURE(wrong);
        const auto refused = jobs::parse_value_range(wrong);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().detail.find("\"*.temperature=-40..85\"") != std::string::npos);
    }
}

TEST_CASE("a row is refused for its first reason") {
    const RowCheck check{{{"*", 0, 1}, {"attic/*", 0, 50}, {"cellar/*", 0, 2}}};
    const auto* const range = check.range_of("attic/a.b");
    REQUIRE(range != nullptr);
    CHECK(range->high == 50);
    const auto refusal = [&](const jobs::OutRow& row) {
        return RowCheck::refusal(row, kLayout, range).value_or("none");
    };
    CHECK(refusal(row_of(50)) == "none");
    CHECK(refusal(row_of(50.5)) == "out_of_range");
    CHECK(refusal(row_of(-0.5)) == "out_of_range");
    CHECK(refusal(row_of(1, std::string(65, 'x'))) == "too_long");
    CHECK(refusal(row_of(1, "Cel", base::from_milliseconds(-40'000'000'000'000))) == "time");
    auto empty = row_of(1);
    empty.extremes.reset();
    CHECK(refusal(empty) == "no_readings");
    CHECK_FALSE(RowCheck::refusal(row_of(1e9), kLayout, nullptr));
    auto overflown = row_of(1);
    overflown.values[5] = std::numeric_limits<double>::infinity();
    CHECK(refusal(overflown) == "not_finite");
}

TEST_CASE("refused rows are told by reason") {
    const jobs::Refusals refusals{{"time", 2}, {"out_of_range", 3}};
    CHECK(jobs::sum_of(refusals) == 5);
    CHECK(jobs::text_of(refusals) == "3 out_of_range, 2 time");
}

TEST_CASE("any change of a row changes its mark, and the mark of a row stays the same for ever") {
    const auto row = row_of(1.5);
    CHECK(row.mark() == row_of(1.5).mark());
    CHECK(row.mark() != row_of(1.25).mark());
    CHECK(row.mark() != row_of(1.5, "K").mark());
    CHECK(row_of(0.0).mark() != row_of(-0.0).mark());
    std::vector<odbc::Value> values{std::int64_t{7}, 1.5, "a", odbc::Value{}};
    jobs::append_mark(values);
    CHECK(std::get<std::int64_t>(values.back()) == 1'198'738'304'679'442'693);
}

TEST_CASE("a time is written in each form, and read again") {
    const auto at = base::from_milliseconds(1'763'640'000'123);
    for (const auto& word : jobs::time_forms()) {
        CAPTURE(word);
        const auto form = jobs::parse_time_form(word);
        REQUIRE(form);
        const auto value = jobs::value_of(*form, at);
        REQUIRE(value);
        CHECK(jobs::time_of(*value) == at);
        CHECK_FALSE(jobs::value_of(*form, base::from_milliseconds(253'402'300'800'000)));
    }
    CHECK(jobs::value_of(TimeForm::text, at) == odbc::Value{"2025-11-20T12:00:00.123Z"});
    CHECK_FALSE(jobs::parse_time_form("unix"));
    CHECK_FALSE(jobs::time_of(odbc::Value{}));
}
