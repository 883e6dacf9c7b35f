#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "wire/record.hpp"

namespace agent {

/// Knows how far this machine's wall clock can be trusted now.
class ClockWatch {
  public:
    virtual ~ClockWatch() = default;
    virtual wire::ClockState state() const = 0;

    /// The name of this boot; empty when there is none, but never while state() is `boot`. Lives as
    /// long as the watch.
    virtual std::string_view boot() const { return {}; }

    /// How far the wall clock may be from UTC, as far as the machine knows.
    virtual base::Duration error() const { return {}; }
};

/// What to make of a wall clock that no time service has synced since the boot.
enum class BeforeSync {
    automatic,  // As `wall` when a hardware clock or the host of a virtual machine set it, else as
                // `boot`.
    boot,       // Not to be trusted: times count from the boot.
    wall,       // Good enough: times are UTC, marked `holdover`.
};

/// The kernel's account of its clock (adjtimex(2)).
struct Discipline {
    bool synced = false;
    base::Duration error{};  // Bound on the distance to UTC.
};

/// What a KernelClockWatch knows of its machine; a test hands it another one.
struct ClockSources {
    /// Nothing when asking the kernel is not permitted.
    std::function<std::optional<Discipline>()> discipline;

    std::string boot_id;         // /proc/sys/kernel/random/boot_id
    bool synced_before = false;  // A time service says that it has synced since the boot.
    bool set_by_hardware = false;
    bool is_virtual = false;
};

/// Reads the sources of the machine below the folder `root` ("" is the real one). `wall` is what
/// the wall clock shows now: a hardware clock that shows something else did not set it.
ClockSources read_clock_sources(base::EventTime wall, const std::string& root = "");

/// Says `synced` while a time service disciplines the clock; `holdover` when one has done so since
/// this boot, or when the clock is trusted without one; else `boot`. It forgets a sync only with
/// the boot: `remembered`, the name of the boot in which the clock was last synced, carries it
/// across restarts of the program.
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
    mutable bool was_synced_;  // Since this boot.
};

}  // namespace agent
