#include "agent/sampling/clock_state.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "support/temporary_folder.hpp"

namespace {

using namespace std::chrono_literals;
using agent::BeforeSync;
using agent::KernelClockWatch;
using wire::ClockState;

constexpr const char* kBootId = "0f6c1d7e-9f64-4dd8-9e9a-341a5a28b037";
const auto kWall = base::from_milliseconds(1'763'640'000'000);

/// A machine whose kernel answers as the test wants.
struct Machine {
    agent::ClockSources sources() {
        return {.discipline = [this] { return discipline; },
                .boot_id = kBootId,
                .synced_before = synced_before,
                .set_by_hardware = set_by_hardware,
                .is_virtual = is_virtual};
    }
    KernelClockWatch watch(BeforeSync before = BeforeSync::automatic,
                           std::string_view remembered = "") {
        return {sources(), before, remembered};
    }

    std::optional<agent::Discipline> discipline = agent::Discipline{.synced = false, .error = 16s};
    bool synced_before = false;
    bool set_by_hardware = false;
    bool is_virtual = false;
};

/// The files of a made-up machine, under a folder.
struct Tree {
    void put(const std::string& path, const std::string& content) {
        const auto whole = folder.path() / path;
        std::filesystem::create_directories(whole.parent_path());
        folder.write(path, content);
    }
    agent::ClockSources read() { return agent::read_clock_sources(kWall, folder.path().string()); }

    support::TemporaryFolder folder;
};

}  // namespace

TEST_SUITE("agent/clock_state") {
    TEST_CASE("without a clock of its own a machine says boot, synced, then holdover") {
        Machine machine;
        const auto watch = machine.watch();
        CHECK(watch.state() == ClockState::boot);
        CHECK(watch.boot() == "0f6c1d7e");
        machine.discipline = {.synced = true, .error = 3ms};
        CHECK(watch.state() == ClockState::synced);
        CHECK(watch.error() == 3ms);
        machine.discipline = {.synced = false, .error = 16s};
        CHECK(watch.state() == ClockState::holdover);
        CHECK(watch.error() == 16s);
    }

    TEST_CASE("a sync is remembered across a restart of the program, not of the machine") {
        Machine machine;
        CHECK(machine.watch(BeforeSync::automatic, "0f6c1d7e").state() == ClockState::holdover);
        CHECK(machine.watch(BeforeSync::automatic, "5eadbeef").state() == ClockState::boot);
        CHECK(machine.watch(BeforeSync::automatic, "").state() == ClockState::boot);
        machine.synced_before = true;  // By the account of the time service.
        CHECK(machine.watch().state() == ClockState::holdover);
        CHECK(machine.watch(BeforeSync::boot).state() == ClockState::holdover);
    }

    TEST_CASE("the machine or a person says what a clock that was never synced is worth") {
        struct Case {
            const char* name;
            bool set_by_hardware;
            bool is_virtual;
            BeforeSync before;
            ClockState state;
        };
        const std::vector<Case> cases{
            {"a Pi", false, false, BeforeSync::automatic, ClockState::boot},
            {"a PC", true, false, BeforeSync::automatic, ClockState::holdover},
            {"a virtual machine", false, true, BeforeSync::automatic, ClockState::holdover},
            {"a Pi whose owner trusts it", false, false, BeforeSync::wall, ClockState::holdover},
            {"a PC whose owner does not", true, false, BeforeSync::boot, ClockState::boot},
            {"a virtual one likewise", false, true, BeforeSync::boot, ClockState::boot},
        };
        for (const auto& one : cases) {
            CAPTURE(one.name);
            Machine machine;
            machine.set_by_hardware = one.set_by_hardware;
            machine.is_virtual = one.is_virtual;
            CHECK(machine.watch(one.before).state() == one.state);
            machine.discipline = {.synced = true, .error = 1ms};
            CHECK(machine.watch(one.before).state() == ClockState::synced);
        }
    }

    TEST_CASE(
        "a kernel that may not be asked is not synced, and a boot without a name is wall time") {
        Machine machine;
        machine.discipline.reset();
        CHECK(machine.watch().state() == ClockState::boot);
        CHECK(machine.watch().error() == 16s);
        auto sources = machine.sources();
        sources.boot_id.clear();
        const KernelClockWatch watch(sources, BeforeSync::boot, "");
        CHECK(watch.state() == ClockState::holdover);
        CHECK(watch.boot().empty());
    }

    TEST_CASE("a machine is known by its files") {
        Tree pi;
        pi.put("proc/sys/kernel/random/boot_id", std::string{kBootId} + "\n");
        pi.put("proc/cpuinfo", "processor : 0\nFeatures : fp asimd evtstrm crc32 cpuid\n");
        auto sources = pi.read();
        CHECK(sources.boot_id == kBootId);
        CHECK_FALSE(sources.synced_before);
        CHECK_FALSE(sources.set_by_hardware);
        CHECK_FALSE(sources.is_virtual);
        pi.put("run/systemd/timesync/synchronized", "");
        CHECK(pi.read().synced_before);
        pi.put("sys/class/rtc/rtc0/hctosys", "1\n");
        pi.put("sys/class/rtc/rtc0/since_epoch", "127\n");  // No battery: it began at power-on.
        CHECK_FALSE(pi.read().set_by_hardware);
        pi.put("sys/class/rtc/rtc1/hctosys", "0\n");
        pi.put("sys/class/rtc/rtc1/since_epoch", "1763640001\n");
        CHECK_FALSE(pi.read().set_by_hardware);
        pi.put("sys/class/rtc/rtc1/hctosys", "1\n");
        CHECK(pi.read().set_by_hardware);
        pi.put("sys/class/rtc/rtc1/since_epoch", "17-not a number\n");
        CHECK_FALSE(pi.read().set_by_hardware);
    }

    TEST_CASE("a virtual machine and a container are known by their files") {
        const std::vector<std::pair<std::string, std::string>> marks{
            {"proc/cpuinfo", "flags : fpu vme sse4_2 hypervisor lahf_lm\n"},
            {"sys/hypervisor/type", "xen\n"},
            {"proc/device-tree/hypervisor/compatible", "linux,kvm"},
            {".dockerenv", ""},
            {"run/.containerenv", ""},
            {"run/systemd/container", "lxc\n"}};
        for (const auto& [path, content] : marks) {
            CAPTURE(path);
            Tree tree;
            tree.put("proc/cpuinfo", "flags : fpu vme\n");
            CHECK_FALSE(tree.read().is_virtual);
            tree.put(path, content);
            CHECK(tree.read().is_virtual);
        }
    }

    TEST_CASE("this machine can be asked") {
        const base::SystemClock clock;
        const auto sources = agent::read_clock_sources(clock.event_time());
        CHECK(sources.boot_id.size() == 36);
        const KernelClockWatch watch(sources, BeforeSync::wall, "");
        CHECK(watch.state() != ClockState::boot);
        CHECK(watch.boot().size() == 8);
        CHECK(watch.error() >= 0ms);
    }
}
