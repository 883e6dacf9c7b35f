// Goal: a block of readings comes back as it was, to the bit, and a damaged one is refused.
#include "central/sinks/tables/readings/encoding.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "base/random.hpp"

namespace {

using Singles = std::vector<engine::Single>;

base::EventTime at(std::int64_t ms) {
    return base::from_milliseconds(1'763'640'000'000 + ms);
}

Singles back(const Singles& readings) {
    const auto encoded = sinks::encode(readings);
    const auto decoded = sinks::decode(encoded.text, readings.front().at, encoded.step);
    REQUIRE_MESSAGE(decoded, encoded.text);
    return decoded.value();
}

bool is_refused(const std::string& text, std::optional<std::int64_t> step = 1) {
    const auto decoded = sinks::decode(text, at(0), step);
    return !decoded && decoded.error().fault == base::Fault::malformed;
}

}  // namespace

TEST_CASE("readings that are equally far apart are a list, others name their time") {
    const auto regular = sinks::encode({{at(0), 20.1}, {at(2'000), 20.2}, {at(4'000), -3}});
    CHECK(regular.text == "[20.1,20.2,-3]");
    CHECK(regular.step == 2'000);
    const auto irregular = sinks::encode({{at(0), 20.1}, {at(2'000), 20.2}, {at(4'001), -3}});
    CHECK(irregular.text == R"({"0":20.1,"2000":20.2,"4001":-3})");
    CHECK_FALSE(irregular.step);
    const auto alone = sinks::encode({{at(0), 20.1}});
    CHECK(alone.text == "[20.1]");
    CHECK(alone.step == 0);
}

TEST_CASE("values come back to the bit") {
    using Limits = std::numeric_limits<double>;
    const Singles readings{{at(0), 0.1 + 0.2},        {at(1), -0.0},
                           {at(1), Limits::max()},    {at(7), Limits::denorm_min()},
                           {at(9), Limits::lowest()}, {at(9), 1.0 / 3},
                           {at(3'599'999), 1e21}};
    const auto found = back(readings);
    CHECK(found == readings);
    CHECK(std::signbit(found[1].value));
}

TEST_CASE("random blocks come back as they were") {
    base::Random random{20'261};
    for (int round = 0; round < 2'000; ++round) {
        Singles readings;
        std::int64_t ms = 0;
        const auto step = static_cast<std::int64_t>(random.below(3'000));
        const bool is_regular = random.below(2) == 0;
        const auto count = 1 + random.below(40);
        for (std::size_t i = 0; i < count; ++i) {
            readings.push_back(
                {.at = at(ms),
                 .value = static_cast<double>(random.below(1'000'000)) / 100 - 273.15});
            ms += is_regular ? step : static_cast<std::int64_t>(random.below(3'000));
        }
        REQUIRE(back(readings) == readings);
    }
}

TEST_CASE("a damaged block is refused") {
    for (const auto* text : {"", "[", "[]", "[1", "[1,", "[1,]", "[1]x", "[x]", "{\"0\":1}", "[1 ]",
                             "[nan", "[nan]", "[inf]"}) {
        CHECK_MESSAGE(is_refused(text), text);
    }
    CHECK(is_refused("[1,2]", -1));
    CHECK(is_refused("[1,2]", 3'600'001));
    for (const auto* text : {"", "{", "{}", "{\"0\"}", "{\"0\":}", "{\"0\":1", "{\"x\":1}", "{0:1}",
                             "[1]", "{\"1\":1}", "{\"0\":1,\"-1\":2}", "{\"0\":1,\"5\":2,\"4\":3}",
                             "{\"0\":1,\"3600001\":2}"}) {
        CHECK_MESSAGE(is_refused(text, std::nullopt), text);
    }
}
