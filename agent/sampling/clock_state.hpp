#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "wire/record.hpp"

namespace agent {

/// Tells how far this machine's wall clock can be trusted now.
class ClockWatch {
  public:
    virtual ~ClockWatch() = default;
    virtual wire::ClockState state() const = 0;

    /// Names this boot of the machine; empty when nothing does, but never while state() is `boot`.
    /// Lives as long as the watch.
    virtual std::string_view boot() const { return {}; }

    /// How far the wall clock may be from UTC, as far as the machine knows.
    virtual base::Duration error() const { return {}; }
};

/// What a wall clock is that no time service has ever synced since the boot.
enum class BeforeSync {
    automatic,  // `wall` when a hardware clock or the host of a virtual machine set it, else
                // `boot`.
    boot,       // Not to be trusted: times count from the boot.
    wall,       // Good enough: times are UTC, marked `holdover`.
};

/// The kernel's account of its clock (adjtimex(2)).
struct Discipline {
    bool synced = false;
    base::Duration error{};  // Bound on the distance to UTC.
};

/// Where a KernelClockWatch looks; a test shows it another machine.
struct ClockSources {
    /// Nothing when the kernel may not be asked.
    std::function<std::optional<Discipline>()> discipline;

    std::string boot_id;         // /proc/sys/kernel/random/boot_id
    bool synced_before = false;  // A time service says that it has synced since the boot.
    bool set_by_hardware = false;
    bool is_virtual = false;
};

/// Those of this machine, below the folder `root` ("" is the real one). `wall` is what the wall
/// clock shows now: a hardware clock that shows something else did not set it.
ClockSources read_clock_sources(base::EventTime wall, const std::string& root = "");

/// `synced` while a time service disciplines the clock, `holdover` when one did since this boot or
/// the clock is trusted without, else `boot`. It forgets a sync only with the boot: across restarts
/// of the program `remembered` tells it, the name of the boot in which it was synced last.
class KernelClockWatch final : public ClockWatch {
  public:
    KernelClockWatch(ClockSources sources, BeforeSync before_sync, std::string_view remembered);

    wire::ClockState state() const override;
    std::string_view boot() const override { return boot_; }
    base::Duration error() const override;

  private:
    ClockSources sources_;
    std::string boot_;
    bool trusts_wall_;
    mutable bool was_synced_;  // Has been seen synced by whoever asked.
};

}  // namespace agent
