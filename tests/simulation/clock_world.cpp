#include "simulation/clock_world.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/ensure.hpp"
#include "central/database/place.hpp"
#include "central/sinks/database_query.hpp"
#include "wire/topic.hpp"

namespace simulation {

namespace {

using namespace std::chrono_literals;
using base::Duration;
using wire::ClockState;

constexpr Duration kStep = 250ms;
constexpr const char* kNode = "shed";
constexpr const char* kSeries = "gauge.value";

// Less than what the node calls a step, plus rounding.
constexpr Duration kUnnoticed = 105ms;

/// The oscillator may be off by 100 ppm between reading and clock record.
Duration bound_of(const std::vector<wire::ClockSample>& samples) {
    Duration bound{};
    for (const auto& sample : samples) {
        bound = std::max(bound, sample.error + sample.since_boot / 10'000 + 2ms);
    }
    return bound;
}

}  // namespace

ClockWorld::ClockWorld(std::uint64_t seed)
    : random_(seed),
      relay_(random_),
      database_(folder_.file("leat.db")),
      centre_(relay_, clock_, database_, random_, {1ms, 1min, 1h}),
      node_(kNode, relay_, clock_, ledger_, random_, false) {
    relay_.watch = [this](const broker::Outgoing& message) { hear(message); };
}

void ClockWorld::tick() {
    clock_.advance(kStep);
    node_.tick();
    relay_.deliver(64);
    centre_.tick();
    relay_.deliver(64);
}

void ClockWorld::run(Duration time) {
    for (Duration done{}; done < time; done += kStep) tick();
}

void ClockWorld::reboot(Duration off_by) {
    node_.reboot();
    node_.lose_time(off_by);
    node_.start();
}

bool ClockWorld::settle() {
    node_.silence();
    for (int i = 0; i < 4'000; ++i) {
        tick();
        if (node_.settled() && i > 200) return true;
    }
    return false;
}

Verdict ClockWorld::judge() {
    Verdict verdict;
    const auto counted = read(verdict);
    const auto& told = ledger_.told(kNode, kSeries);
    for (const auto& reading : told) judge(reading, counted, verdict);
    if (!verdict.wrong.empty()) return verdict;
    if (verdict.counted != counted.size()) {
        verdict.wrong = fmt::format("{} values, counted {} times", counted.size(), verdict.counted);
    } else if (counted.size() + verdict.waiting != told.size()) {
        verdict.wrong = "values were counted that nobody committed";
    }
    return verdict;
}

/// The time of every value that was counted.
ClockWorld::Counted ClockWorld::read(Verdict& verdict) {
    auto query = sinks::DatabaseQuery::open(central_test::place(database_));
    ENSURE(query);
    const auto rows = query.value()->nodes();
    ENSURE(rows);
    if (!rows.value().empty()) verdict.unplaced = rows.value()[0].unplaced;
    const auto windows =
        query.value()->windows({.node = kNode,
                                .series = kSeries,
                                .span = 1ms,
                                .from = base::from_milliseconds(-8'000'000'000'000),
                                .to = base::from_milliseconds(8'000'000'000'000),
                                .rows_max = 1'000'000});
    ENSURE(windows);
    Counted counted;
    for (const auto& [start, row] : windows.value()) {
        if (row.summary.count == 0) continue;
        verdict.counted += row.summary.count;
        counted[row.summary.min] = start;
        counted[row.summary.max] = start;
    }
    return counted;
}

void ClockWorld::judge(const Ledger::Told& told, const Counted& counted, Verdict& verdict) {
    const auto found = counted.find(told.value);
    const bool since_boot = told.clock == ClockState::boot;
    const auto& samples = ledger_.samples(kNode, told.boot);
    if (since_boot && samples.empty()) {
        ++verdict.waiting;
        if (found != counted.end()) verdict.wrong = fmt::format("{} was guessed", told.value);
        return;
    }
    if (found == counted.end()) {
        verdict.wrong = fmt::format("{} is missing", told.value);
        return;
    }
    const auto& moment = node_.surface().moments.at(told.value);
    const auto off = std::chrono::abs(found->second - (since_boot ? moment.really : moment.shown));
    const auto bound = since_boot ? bound_of(samples) : kUnnoticed;
    if (since_boot) {
        ++verdict.placed;
        verdict.worst = std::max(verdict.worst, off);
    }
    if (off <= bound) return;
    verdict.wrong =
        fmt::format("{} is off by {} ms, {} are allowed", told.value, off.count(), bound.count());
}

void ClockWorld::hear(const broker::Outgoing& message) {
    centre_.note_acknowledgement(message);
    if (message.topic == wire::Topics{}.state(kNode)) state_topic_ = message.payload;
}

}  // namespace simulation
