#include "central/views/expected_band.hpp"

#include <doctest/doctest.h>

#include "central/engine/made_rows.hpp"

using namespace std::chrono_literals;

namespace {

/// The hour at noon so many days before, with these readings.
views::WindowAt noon_before(int days, std::initializer_list<double> values) {
    return {kNoon - days * 24h, window_row(values)};
}

}  // namespace

TEST_CASE("the band is what the same hour had on the days before, and not this one's") {
    const views::ExpectedBand band{{noon_before(14, {17, 18}),
                                    noon_before(2, {20, 24}),
                                    noon_before(1, {19}),
                                    noon_before(0, {41}),
                                    {kNoon + 1h, window_row({99})}}};
    const auto found = band.at(kNoon + 59min);
    REQUIRE(found);
    CHECK(found->low == 17);
    CHECK(found->high == 24);
    CHECK(found->days == 3);
    CHECK_FALSE(band.at(kNoon + 1h));
    CHECK_FALSE(band.at(kNoon - 1h));
}

TEST_CASE("with fewer than three days there is no band") {
    CHECK_FALSE(views::ExpectedBand{{noon_before(2, {20}), noon_before(1, {19})}}.at(kNoon));
    // A day without a reading is not known, and one 15 days ago is too long ago.
    CHECK_FALSE(views::ExpectedBand{
        {noon_before(15, {20}), noon_before(3, {}), noon_before(2, {20}), noon_before(1, {19})}}
                    .at(kNoon));
    CHECK_FALSE(views::ExpectedBand{{}}.at(kNoon));
}
