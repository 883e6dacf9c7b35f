#include "agent/sampling/filter.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace {

using agent::Filter;
using agent::FilterOptions;
using Verdict = Filter::Verdict;
using namespace std::chrono_literals;

constexpr auto kPassed = Verdict::passed;
constexpr auto kSuppressed = Verdict::suppressed;
constexpr auto kRange = Verdict::out_of_range;
constexpr auto kStep = Verdict::step;

/// A reading a second.
std::vector<Verdict> judged(const FilterOptions& options, const std::vector<double>& values) {
    Filter filter{options};
    std::vector<Verdict> verdicts;
    int second = 0;
    for (const double value : values)
        verdicts.push_back(filter.judge(value, std::chrono::seconds{second++}));
    return verdicts;
}

}  // namespace

TEST_SUITE("agent/filter") {
    TEST_CASE("each reading gets the verdict that the options ask for") {
        struct Row {
            const char* name;
            FilterOptions options;
            std::vector<double> values;
            std::vector<Verdict> verdicts;
        };
        FilterOptions range;
        range.least = -10;
        range.most = 50;
        FilterOptions step;
        step.step = 5;
        FilterOptions deadband;
        deadband.deadband = 0.5;
        FilterOptions beating = deadband;
        beating.heartbeat = 3s;
        FilterOptions both = deadband;
        both.step = 5;
        const std::vector<Row> rows{
            {"nothing asked", {}, {1, 1, -1e300}, {kPassed, kPassed, kPassed}},
            {"range",
             range,
             {-10, 50, -10.1, 50.1, 20},
             {kPassed, kPassed, kRange, kRange, kPassed}},
            {"a spike is refused", step, {20, 26, 20}, {kPassed, kStep, kPassed}},
            {"a step that stays is taken from its second reading on",
             step,
             {20, 26, 27, 20.5},
             {kPassed, kStep, kPassed, kStep}},
            {"two spikes to different places are both refused",
             step,
             {20, 80, -40, 20},
             {kPassed, kStep, kStep, kPassed}},
            {"a spike, then back, confirms nothing later",
             step,
             {20, 26, 20, 26, 20},
             {kPassed, kStep, kPassed, kStep, kPassed}},
            {"the step itself is allowed", step, {20, 25, 30}, {kPassed, kPassed, kPassed}},
            {"a change within the deadband is suppressed",
             deadband,
             {20, 20.5, 19.5, 20.6, 20.4, 20},
             {kPassed, kSuppressed, kSuppressed, kPassed, kSuppressed, kPassed}},
            {"slow drift is measured from what was recorded, not from the last reading",
             deadband,
             {20, 20.3, 20.6, 20.9, 21.2},
             {kPassed, kSuppressed, kPassed, kSuppressed, kPassed}},
            {"the heartbeat passes whatever it is",
             beating,
             {20, 20, 20, 20, 20},
             {kPassed, kSuppressed, kSuppressed, kPassed, kSuppressed}},
            {"a refused step is not what the deadband starts from",
             both,
             {20, 90, 20.2},
             {kPassed, kStep, kSuppressed}},
        };
        for (const auto& row : rows) {
            CAPTURE(row.name);
            CHECK(judged(row.options, row.values) == row.verdicts);
        }
    }

    TEST_CASE("a reading out of range neither confirms nor begins a step") {
        FilterOptions options;
        options.most = 50;
        options.step = 5;
        CHECK(judged(options, {20, 48, 51, 49, 20}) ==
              std::vector<Verdict>{kPassed, kStep, kRange, kPassed, kStep});
    }
}
