// Goal: whatever comes and goes in whatever order, with restarts in between, the books balance:
// every alert is opened once and closed once, revisions grow by one, and no cause has two alerts.
// Method: random symptoms of a few nodes and the line, from a seed, against a model that only
// follows what the desk says. Reproduce: SEED=<n> build/tests/central/alerts_test.
#include <doctest/doctest.h>

#include <cstdlib>
#include <map>
#include <memory>

#include "base/random.hpp"
#include "central/alerts/desk/desk.hpp"
#include "central/alerts/moments.hpp"

using namespace alerts_test;
using alerts::Alert;
using alerts::State;

namespace {

/// What a reader of the alerts knows.
struct Ledger {
    void hear(const Alert& alert) {
        const auto known = alerts.find(alert.id);
        if (known == alerts.end()) {
            CHECK(alert.revision == 1);
            CHECK(alert.state == State::open);
        } else {
            CHECK(alert.revision > known->second.revision);
            CHECK(alert.opened == known->second.opened);
            CHECK(alert.times >= known->second.times);
            const bool was_closed = known->second.state == State::closed;
            if (was_closed) CHECK(alert.state == State::open);
            if (was_closed) CHECK(alert.opened <= alert.updated);
            if (was_closed) CHECK(alert.updated - *known->second.closed <= 1h);
        }
        CHECK(alert.closed.has_value() == (alert.state == State::closed));
        alerts.insert_or_assign(alert.id, alert);
        ++heard;
    }
    std::size_t open() const {
        std::map<std::string, int> by_cause;
        std::size_t open = 0;
        for (const auto& [id, alert] : alerts) {
            if (alert.state == State::closed) continue;
            ++open;
            const bool is_absence = alerts::rule_of(alert.code).name == alerts::kNodeSilent;
            const auto code = is_absence ? std::string{alerts::kNodeSilent} : alert.code;
            CHECK(++by_cause[alert.node + " " + alert.series + " " + code] == 1);
        }
        return open;
    }
    std::vector<Alert> all() const {
        std::vector<Alert> all;
        for (const auto& [id, alert] : alerts) all.push_back(alert);
        return all;
    }

    std::map<std::string, Alert> alerts;
    std::size_t heard = 0;
};

/// Conditions that come and go, each at its own pace.
struct Conditions {
    explicit Conditions(std::uint64_t seed) : random(seed) {
        add("", {critical("broker"), critical("redis")});
        for (const std::string node : {"attic", "cellar", "hall"}) {
            add(node, {symptom("lost", node), symptom("disconnected", node),
                       symptom("limit", node, "a.x"), symptom("failing", node, "a.x"),
                       symptom("limit", node, "b.y"), symptom("trouble", node)});
        }
    }
    void add(const std::string& node, const Symptoms& symptoms) {
        for (const auto& one : symptoms) holds[node].emplace_back(one, false);
    }
    Symptoms next(const std::string& node) {
        Symptoms present;
        for (auto& [one, is_there] : holds[node]) {
            if (random.chance(1, is_there ? 12 : 40)) is_there = !is_there;
            if (is_there) present.push_back(one);
        }
        return present;
    }

    base::Random random;
    std::map<std::string, std::vector<std::pair<alerts::Symptom, bool>>> holds;
};

void run(std::uint64_t seed) {
    CAPTURE(seed);
    Conditions world(seed);
    Ledger ledger;
    auto desk = std::make_unique<alerts::Desk>(alerts::DeskOptions{});
    std::size_t unknown = 0;
    std::size_t restarts = 0;
    auto at = 0s;
    const auto judge = [&](const std::string& node, const Symptoms& symptoms) {
        desk->judge(node, symptoms, after(at));
        desk->forget(after(at));
        for (const auto& alert : desk->take_changed()) {
            ledger.hear(alert);
            if (alert.state == State::unknown) ++unknown;
        }
    };
    for (; at < 48h; at += 30s) {
        for (const auto& [node, ignored] : world.holds) judge(node, world.next(node));
        CHECK(ledger.open() == desk->open());
        if (!world.random.chance(1, 500)) continue;
        ++restarts;
        desk = std::make_unique<alerts::Desk>(alerts::DeskOptions{});
        desk->restore(ledger.all(), after(at));
    }
    for (const auto end = at + 3h; at < end; at += 30s) {
        for (const auto& [node, ignored] : world.holds) judge(node, {});
    }
    CHECK(desk->open() == 0);
    CHECK(ledger.open() == 0);
    CHECK(ledger.alerts.size() > 10);
    CHECK(ledger.heard > 2 * ledger.alerts.size());
    CHECK(unknown > 0);
    CHECK(restarts > 0);
}

}  // namespace

TEST_CASE("every alert is opened once and closed once, and no cause has two") {
    if (const char* seed = std::getenv("SEED")) return run(std::strtoull(seed, nullptr, 10));
    for (std::uint64_t seed = 1; seed <= 20; ++seed) run(seed);
}
