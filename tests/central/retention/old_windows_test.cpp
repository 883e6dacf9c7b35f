// Goal: windows go when they are as old as the configuration says, by whole days, in bounded steps,
// and never before it is noted that they do.
#include "central/retention/old_windows.hpp"

#include <doctest/doctest.h>

#include <map>

#include "base/settings.hpp"
#include "central/retention/settings.hpp"

namespace {

using namespace std::chrono_literals;
using retention::KeepWindows;

/// 2025-11-20 12:00:00 UTC.
constexpr base::EventTime kNow{base::Duration{1'763'640'000'000}};

class Store final : public sinks::KeptWindows {
  public:
    base::Status give_up(base::Duration span, base::EventTime before) override {
        if (is_failing) return base::Error{base::Fault::transient, "locked"};
        given_up[span] = before;
        return base::Done{};
    }
    base::Result<sinks::RemovedWindows> remove_windows(base::Duration span,
                                                       std::int64_t from_series,
                                                       std::size_t windows_max) override {
        CHECK(given_up.contains(span));
        sinks::RemovedWindows removed{.windows = 0, .series = from_series};
        for (auto& [series, left] : windows[span]) {
            if (series < from_series) continue;
            const auto some = std::min(left, windows_max - removed.windows);
            left -= some;
            removed.windows += some;
            if (some > 0) removed.series = series;
        }
        return removed;
    }

    std::map<base::Duration, base::EventTime> given_up;
    std::map<base::Duration, std::map<std::int64_t, std::size_t>> windows;
    bool is_failing = false;
};

int run(retention::OldWindows& old) {
    int steps = 0;
    for (;;) {
        const auto more = old.step(kNow);
        REQUIRE(more);
        ++steps;
        if (!more.value()) return steps;
    }
}

const std::vector<base::Duration> kSpans{1min, 15min, 1h, 24h};

KeepWindows read(const std::string& text, std::string* refusal = nullptr) {
    auto settings = base::Settings::parse(text, "central.toml").value();
    auto windows = settings.table("windows");
    auto keep = retention::read_keep_windows(windows.table("keep"), kSpans);
    const auto checked = settings.check();
    if (refusal != nullptr) {
        *refusal = checked ? "" : checked.error().detail;
    } else {
        REQUIRE_MESSAGE(checked, checked.error().detail);
    }
    return keep;
}

std::string refusal(const std::string& text) {
    std::string refusal;
    read("[windows.keep]\n" + text, &refusal);
    return refusal;
}

}  // namespace

TEST_CASE("windows of each length are given up by whole days") {
    Store store;
    base::Counters counters;
    retention::OldWindows old{store, counters, {{1min, 90 * 24h}, {15min, 365 * 24h}}, 100};
    run(old);
    CHECK(store.given_up.at(1min) == kNow - 12h - 90 * 24h);
    CHECK(store.given_up.at(15min) == kNow - 12h - 365 * 24h);
    CHECK(store.given_up.size() == 2);
}

TEST_CASE("many windows go in bounded steps, and all of them") {
    Store store;
    base::Counters counters;
    store.windows[1min] = {{2, 250}, {7, 0}, {9, 130}};
    store.windows[15min] = {{2, 20}};
    retention::OldWindows old{store, counters, {{1min, 90 * 24h}, {15min, 365 * 24h}}, 100};
    CHECK(run(old) == 5);
    for (const auto& [span, all] : store.windows) {
        for (const auto& [series, left] : all) CHECK(left == 0);
    }
    CHECK(counters.value("leat_central_windows_outdated_total") == 400);
    CHECK_FALSE(old.step(kNow).value());
    old.begin();
    store.windows[1min] = {{9, 1}};
    run(old);
    CHECK(store.windows[1min][9] == 0);
}

TEST_CASE("a round that failed begins anew") {
    Store store;
    base::Counters counters;
    store.windows[1min] = {{2, 10}};
    retention::OldWindows old{store, counters, {{1min, 90 * 24h}}, 100};
    store.is_failing = true;
    CHECK_FALSE(old.step(kNow));
    store.is_failing = false;
    old.begin();
    run(old);
    CHECK(store.windows[1min][2] == 0);
}

TEST_CASE("minutes are kept for 90 days, quarters of an hour for a year, and longer for ever") {
    CHECK(read("") == KeepWindows{{1min, 90 * 24h}, {15min, 365 * 24h}});
}

TEST_CASE("the configuration says how long windows of a length are kept") {
    CHECK(read("[windows.keep]\n1m = \"7d\"\n1h = \"730d\"") ==
          KeepWindows{{1min, 7 * 24h}, {15min, 365 * 24h}, {1h, 730 * 24h}});
    CHECK(read("[windows.keep]\n15m = \"forever\"") == KeepWindows{{1min, 90 * 24h}});
}

TEST_CASE("a length of which nothing is said is kept as long as the shorter ones") {
    CHECK(read("[windows.keep]\n1m = \"400d\"") ==
          KeepWindows{{1min, 400 * 24h}, {15min, 400 * 24h}});
    CHECK(read("[windows.keep]\n1m = \"forever\"").empty());
}

TEST_CASE("a time to keep windows that cannot be is refused with its place and why") {
    CHECK(refusal("1m = \"soon\"").find("windows.keep.1m: \"soon\" is no time") !=
          std::string::npos);
    CHECK(refusal("1m = 90") ==
          "central.toml:2: windows.keep.1m needs a unit, in quotes: write 1m = \"90d\"");
    CHECK(refusal("1m = \"1d\"").find("from 2d on") != std::string::npos);
    CHECK(refusal("1h = \"30d\"").find("from 60d on") != std::string::npos);
    CHECK(refusal("5m = \"30d\"").find("there are no windows of \"5m\"") != std::string::npos);
    CHECK(refusal("15m = \"30d\"").find("before shorter ones") != std::string::npos);
    CHECK(refusal("1m = \"forever\"\n1h = \"900d\"").find("before shorter ones") !=
          std::string::npos);
}
