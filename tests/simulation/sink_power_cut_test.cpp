// Goal: whenever the power fails, the database of central has every step whose commit had returned,
// and each step whole. Method: the sink commits numbered steps over a disk that forgets; the power
// is cut after every number of writes and syncs in turn. Reproduce: SEED=<n>, CUTS=<n>.
#include <doctest/doctest.h>
#include <fmt/core.h>

#include <cstdlib>
#include <iostream>

#include "base/log.hpp"
#include "central/sinks/sqlite_sink.hpp"
#include "central/sinks/steps.hpp"
#include "simulation/power_cut_vfs.hpp"
#include "support/temporary_folder.hpp"

using namespace sinks_test;

namespace {

constexpr std::uint64_t kOperationsMax = 10'000;

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
    const char* text = std::getenv(name);
    return text == nullptr ? otherwise : std::stoull(text);
}

/// A central's database on a machine whose power fails again and again.
class Machine {
  public:
    explicit Machine(std::uint64_t seed) : random_(seed), disk_(random_) {}

    /// Commits until the power fails after so many operations. False when it did not.
    bool work(std::uint64_t operations) {
        disk_.cut_after(operations);
        commit_steps();
        const bool was_cut = disk_.is_cut();
        disk_.cut();
        disk_.restore();
        is_whole_ = verify();
        return was_cut;
    }

    void lie_about_syncs(bool lie) { disk_.lie_about_syncs(lie); }
    /// Whether the database has everything that was committed, and every step whole.
    bool has_everything() const { return is_whole_ && kept_ >= committed_; }
    std::uint64_t kept() const { return kept_; }
    std::uint64_t survived_in_doubt() const { return survived_in_doubt_; }
    std::uint64_t sectors_lost() const { return disk_.sectors_lost(); }

  private:
    std::unique_ptr<sinks::SqliteSink> open() {
        auto sink =
            sinks::SqliteSink::open({.path = folder_.file("leat.db"), .vfs = disk_.vfs_name()});
        return sink ? std::move(sink).value() : nullptr;
    }

    void commit_steps() {
        const auto sink = open();
        if (!sink) return;
        const auto loaded = sink->load(0, 1);
        if (!loaded) return;
        for (int i = 0; i < 3; ++i) {
            const auto number = std::max(committed_, kept_) + 1;
            auto step = step_of(loaded.value().state, std::to_string(number) + "-0");
            step.marks = {mark("attic", 1, number, 1)};
            for (auto& [key, row] : step.changes.windows) row.summary.count = number;
            if (!sink->commit(step)) return;
            committed_ = number;
        }
    }

    bool verify() {
        const auto sink = open();
        if (!sink) return false;
        const auto loaded = sink->load(0, 1);
        if (!loaded) return false;
        kept_ = static_cast<std::uint64_t>(std::stoull(loaded.value().state.cursor));
        survived_in_doubt_ += kept_ > committed_ ? 1 : 0;
        if (kept_ == 0) return true;
        const auto& marks = loaded.value().marks;
        const auto row = sink->memory().window({1min, "attic", "climate.temperature", at(-60'000)});
        return marks.size() == 1 && marks[0].mark.seq == kept_ && row && row.value() &&
               row.value()->summary.count == kept_;
    }

    base::Random random_;
    simulation::PowerCutDisk disk_;
    support::TemporaryFolder folder_;  // For the lock, which is no data.
    std::uint64_t committed_ = 0;
    std::uint64_t kept_ = 0;
    std::uint64_t survived_in_doubt_ = 0;
    bool is_whole_ = true;
};

}  // namespace

TEST_CASE("whenever the power goes, central's database has all that it had said it has") {
    base::set_log_level(base::LogLevel::error);
    const auto seed = from_environment("SEED", 1);
    const auto cuts_wanted = from_environment("CUTS", 1'000);
    CAPTURE(seed);
    Machine machine{seed};
    std::uint64_t cuts = 0;
    while (cuts < cuts_wanted) {
        for (std::uint64_t operations = 0; machine.work(operations); ++operations) {
            REQUIRE(machine.has_everything());
            REQUIRE(operations < kOperationsMax);
            ++cuts;
        }
    }
    std::cout << fmt::format(
        "seed {}: {} power cuts, {} steps; {} in doubt were there, {} sectors "
        "lost\n",
        seed, cuts, machine.kept(), machine.survived_in_doubt(), machine.sectors_lost());
    CHECK(machine.survived_in_doubt() > 0);
    CHECK(machine.sectors_lost() > 0);
}

TEST_CASE("the same test fails on a disk that lies about its syncs") {
    base::set_log_level(base::LogLevel::error);
    Machine machine{7};
    machine.work(kOperationsMax);
    machine.lie_about_syncs(true);
    bool lost = false;
    for (int i = 0; i < 20 && !lost; ++i) {
        machine.work(kOperationsMax);
        lost = !machine.has_everything();
    }
    CHECK(lost);
}
