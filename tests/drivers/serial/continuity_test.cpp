#include "drivers/serial/continuity.hpp"

#include <doctest/doctest.h>

#include <vector>

using drivers::serial::Continuity;

namespace {

struct Step {
    std::optional<std::uint64_t> number;
    bool booted = false;
    Continuity::Observation observed{};
    bool reopened = false;  // Before it.
};

struct Case {
    const char* name;
    std::vector<Step> steps;
};

const Continuity::Observation kRestarted{.repeated = false, .restarted = true, .missing = 0};
const Continuity::Observation kRepeated{.repeated = true, .restarted = false, .missing = 0};

Continuity::Observation missing(std::uint64_t lines) {
    return {.repeated = false, .restarted = false, .missing = lines};
}

const std::vector<Case> kCases{
    {"in order, joined in the middle", {{5}, {6}, {7}}},
    {"lines are missing", {{5}, {6}, {9, false, missing(2)}, {10}}},
    {"a number was misread", {{5}, {9'000'000'000U, false, missing(1'000'000)}, {9'000'000'001U}}},
    {"lines without a number are between them", {{5}, {{}}, {6}, {{}}, {8, false, missing(1)}}},
    {"begins anew from 0", {{5}, {0, false, kRestarted}, {1}}},
    {"begins anew from 1", {{5}, {1, false, kRestarted}, {2}}},
    {"begins anew, and the first lines are missing",
     {{5}, {3, false, {.repeated = false, .restarted = true, .missing = 3}}, {4}}},
    {"begins anew after its first line", {{0}, {0, false, kRestarted}, {1}}},
    {"says that it begins anew", {{5}, {0, true, kRestarted}, {1}}},
    {"says it without a number", {{5}, {{}, true, kRestarted}, {0}, {1}}},
    {"says it with a number beyond ours", {{5}, {100, true, kRestarted}, {101}}},
    {"says it at the start", {{0, true}, {1}}},
    {"a line twice", {{5}, {5, false, kRepeated}, {6}}},
    {"wraps at 8 bits", {{254}, {255}, {0}, {1}}},
    {"wraps at 16 bits", {{65535}, {0}}},
    {"wraps at 32 bits", {{4294967295}, {0}}},
    {"does not wrap elsewhere", {{1000}, {0, false, kRestarted}}},
    {"opened anew, and it was reset by that", {{5}, {0, true, {}, true}, {1}}},
    {"opened anew, and it began anew without a word", {{5}, {0, false, {}, true}, {1}}},
    {"opened anew, some lines into its new life",
     {{9}, {4, false, missing(4), true}, {5}, {0, false, kRestarted}}},
    {"opened anew, and it went on", {{5}, {9, false, missing(3), true}, {10}}},
};

}  // namespace

TEST_CASE("missing lines and restarts are told apart") {
    for (const auto& row : kCases) {
        CAPTURE(row.name);
        Continuity continuity;
        for (const auto& step : row.steps) {
            CAPTURE(step.number.value_or(999));
            if (step.reopened) continuity.reopened();
            CHECK(continuity.observe(step.number, step.booted) == step.observed);
        }
    }
}
