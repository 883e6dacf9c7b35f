#include "central/views/moments.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "base/random.hpp"

namespace {

wire::Summary summary_of(const std::vector<double>& values) {
    wire::Summary summary;
    for (const double value : values) summary.add(value);
    return summary;
}

views::Moments moments_of(const std::vector<std::vector<double>>& windows) {
    views::Moments moments;
    for (const auto& window : windows) moments.add(summary_of(window));
    return moments;
}

}  // namespace

TEST_CASE("mean and deviation of windows are those of their readings") {
    // 1, 2, 3, 4, 10: mean 4, squares 9 + 4 + 1 + 0 + 36 = 50, over 5.
    const auto moments = moments_of({{1, 2}, {}, {3, 4, 10}});
    CHECK(moments.count() == 5);
    CHECK(moments.mean() == 4);
    CHECK(moments.deviation() == doctest::Approx(std::sqrt(10)).epsilon(1e-12));
    CHECK(moments.min() == 1);
    CHECK(moments.max() == 10);
}

TEST_CASE("without readings there is no statistic, and 0 is none") {
    const auto moments = moments_of({{}, {}});
    CHECK(moments.count() == 0);
    CHECK_FALSE(moments.mean());
    CHECK_FALSE(moments.deviation());
    CHECK_FALSE(moments.min());
    CHECK_FALSE(moments.max());
}

TEST_CASE("readings that are the same have no deviation, however large they are") {
    CHECK(moments_of({{1e9 + 0.1, 1e9 + 0.1}, {1e9 + 0.1}}).deviation() == 0);
    CHECK(moments_of({{-13.46}}).mean() == -13.46);
}

TEST_CASE("a deviation is right or refused, for whatever readings") {
    base::Random random{11};
    std::size_t known = 0;
    std::size_t refused = 0;
    for (int i = 0; i < 2'000; ++i) {
        const double offset = std::pow(10, static_cast<double>(random.below(10)));
        const double spread = std::pow(10, -static_cast<double>(random.below(6)));
        std::vector<std::vector<double>> windows(1 + random.below(5));
        std::vector<double> all;
        for (auto& window : windows) {
            for (std::uint64_t n = random.below(40); n > 0; --n) {
                window.push_back(offset +
                                 spread * static_cast<double>(random.below(1'000)) / 1'000);
                all.push_back(window.back());
            }
        }
        if (all.empty()) continue;
        long double sum = 0;
        for (const double value : all) sum += value;
        const auto mean = sum / static_cast<long double>(all.size());
        long double squares = 0;
        for (const double value : all) squares += (value - mean) * (value - mean);
        const auto exact =
            static_cast<double>(std::sqrt(squares / static_cast<long double>(all.size())));
        const auto deviation = moments_of(windows).deviation();
        if (!deviation) {
            ++refused;
            continue;
        }
        ++known;
        INFO("offset " << offset << ", spread " << spread);
        REQUIRE(std::abs(*deviation - exact) <= 0.01 * exact);
    }
    CHECK(known > 600);
    CHECK(refused > 100);
}
