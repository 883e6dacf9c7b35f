#include "agent/sampling/clock_state.hpp"

#include <sys/timex.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>

#include "base/log.hpp"

namespace agent {

namespace {

using namespace std::chrono_literals;

// 32 random bits: boots are compared only within one node, until their times are known.
constexpr std::size_t kBootDigits = 8;

// A clock that cannot be asked may be as far off as the kernel lets an unsynchronised one be.
constexpr base::Duration kUnknownError = 16s;

// A hardware clock that keeps local time is hours off, and yet it did set the wall clock.
constexpr base::Duration kHardwareClockReach = 24h;

std::string first_word(const std::filesystem::path& file) {
    std::ifstream in(file);
    std::string word;
    in >> word;
    return word;
}

bool exists(const std::string& path) {
    std::error_code error;
    return std::filesystem::exists(path, error);
}

/// The kernel set its clock from this hardware clock, which still agrees with it. Without a battery
/// a hardware clock begins in 1970 and agrees with nothing.
bool set_by_hardware(const std::filesystem::path& clock, base::EventTime wall) {
    if (first_word(clock / "hctosys") != "1") return false;
    const auto word = first_word(clock / "since_epoch");
    if (word.empty() || word.size() > 12) return false;
    if (!std::all_of(word.begin(), word.end(), [](unsigned char c) { return std::isdigit(c); })) {
        return false;
    }
    const base::EventTime shown{std::chrono::seconds{std::stoll(word)}};
    return shown < wall ? wall - shown < kHardwareClockReach : shown - wall < kHardwareClockReach;
}

bool any_set_by_hardware(const std::string& root, base::EventTime wall) {
    std::error_code error;
    const std::filesystem::directory_iterator clocks(root + "/sys/class/rtc", error);
    return std::any_of(begin(clocks), end(clocks),
                       [wall](const auto& clock) { return set_by_hardware(clock.path(), wall); });
}

bool is_virtual(const std::string& root) {
    for (const auto* mark : {"/sys/hypervisor/type", "/proc/device-tree/hypervisor", "/.dockerenv",
                             "/run/.containerenv", "/run/systemd/container"}) {
        if (exists(root + mark)) return true;
    }
    std::ifstream processor(root + "/proc/cpuinfo");
    for (std::string word; processor >> word;) {
        if (word == "hypervisor") return true;
    }
    return false;
}

std::optional<Discipline> ask_kernel() {
    timex status{};  // modes = 0: only reads.
    const int answer = adjtimex(&status);
    if (answer < 0) return std::nullopt;
    const std::chrono::microseconds error{std::max(status.maxerror, status.esterror)};
    return Discipline{.synced = answer != TIME_ERROR && (status.status & STA_UNSYNC) == 0,
                      .error = std::chrono::ceil<base::Duration>(error)};
}

bool trusts_wall(const ClockSources& sources, BeforeSync before_sync) {
    if (before_sync != BeforeSync::automatic) return before_sync == BeforeSync::wall;
    return sources.set_by_hardware || sources.is_virtual;
}

}  // namespace

ClockSources read_clock_sources(base::EventTime wall, const std::string& root) {
    return {.discipline = ask_kernel,
            .boot_id = first_word(root + "/proc/sys/kernel/random/boot_id"),
            .synced_before = exists(root + "/run/systemd/timesync/synchronized"),
            .set_by_hardware = any_set_by_hardware(root, wall),
            .is_virtual = is_virtual(root)};
}

/// Without a name of the boot nothing could place its records later, so the wall clock must do.
KernelClockWatch::KernelClockWatch(ClockSources sources, BeforeSync before_sync,
                                   std::string_view remembered)
    : sources_(std::move(sources)),
      boot_(sources_.boot_id.substr(0, kBootDigits)),
      trusts_wall_(trusts_wall(sources_, before_sync) || boot_.empty()),
      was_synced_(sources_.synced_before || (!boot_.empty() && remembered == boot_)) {
    if (sources_.discipline()) return;
    base::log_warn("the kernel does not say whether its clock is synced; it counts as not synced",
                   {{"cure", "allow the system call adjtimex"}});
}

wire::ClockState KernelClockWatch::state() const {
    const auto discipline = sources_.discipline();
    if (discipline && discipline->synced) {
        was_synced_ = true;
        return wire::ClockState::synced;
    }
    return was_synced_ || trusts_wall_ ? wire::ClockState::holdover : wire::ClockState::boot;
}

base::Duration KernelClockWatch::error() const {
    const auto discipline = sources_.discipline();
    return discipline ? discipline->error : kUnknownError;
}

}  // namespace agent
