// A DHT11 on a line of the kernel's simulated GPIO chip, inside the board. It answers each start
// pulse as the module does, with the times of its data sheet.
// Usage: player <chip device> <line> <pull file> < frames; each line of the input is one frame and
// begins with its first four bytes.
#include <fcntl.h>
#include <linux/gpio.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace {

using std::chrono::microseconds;
using std::chrono::nanoseconds;
using Instant = std::chrono::steady_clock::time_point;
using Frame = std::array<unsigned, 5>;

// Below the kernel's interrupt threads (50), which must take each edge before the next one.
constexpr int kPriority = 10;
constexpr nanoseconds kStartLeast = std::chrono::milliseconds{18};

[[noreturn]] void give_up(const char* what) {
    std::perror(what);
    std::exit(1);
}

/// Sets one line's level, at times that do not drift.
class Wire {
  public:
    explicit Wire(const char* pull_file) : file_(open(pull_file, O_WRONLY | O_CLOEXEC)) {
        if (file_ < 0) give_up(pull_file);
    }

    void begin() { due_ = std::chrono::steady_clock::now(); }

    void hold(bool high, microseconds duration) {
        const std::string_view pull = high ? "pull-up" : "pull-down";
        if (pwrite(file_, pull.data(), pull.size(), 0) < 0) give_up("pull");
        due_ += duration;
        Instant now{};
        do {
            now = std::chrono::steady_clock::now();
        } while (now < due_);
        latest_ = std::max(latest_, now - due_);
    }

    /// How late the next edge was at worst, without the kernel's own time to make it.
    nanoseconds latest() const { return latest_; }

  private:
    int file_;
    Instant due_{};
    nanoseconds latest_{};
};

/// Observes how another program configures the line.
class StartPulses {
  public:
    StartPulses(const char* chip, unsigned line) : file_(open(chip, O_RDONLY | O_CLOEXEC)) {
        gpio_v2_line_info watched{};
        watched.offset = line;
        if (file_ < 0 || ioctl(file_, GPIO_V2_GET_LINEINFO_WATCH_IOCTL, &watched) < 0) {
            give_up(chip);
        }
    }

    /// Waits until the line was driven for a while and released; returns how long it was driven.
    nanoseconds next() const {
        nanoseconds began{};
        while (true) {
            gpio_v2_line_info_changed change{};
            if (read(file_, &change, sizeof change) != sizeof change) give_up("line changes");
            const nanoseconds at{change.timestamp_ns};
            if ((change.info.flags & GPIO_V2_LINE_FLAG_OUTPUT) != 0) {
                began = at;
            } else if (began.count() != 0) {
                return at - began;
            }
        }
    }

  private:
    int file_;
};

std::vector<Frame> read_frames() {
    std::vector<Frame> frames;
    for (std::string line; std::getline(std::cin, line);) {
        std::istringstream text(line);
        Frame frame{};
        for (std::size_t i = 0; i < 4; ++i) text >> frame[i];
        frame[4] = (frame[0] + frame[1] + frame[2] + frame[3]) & 0xff;
        frames.push_back(frame);
    }
    return frames;
}

void play(Wire& wire, const Frame& frame) {
    wire.begin();
    wire.hold(true, microseconds{30});
    wire.hold(false, microseconds{80});
    wire.hold(true, microseconds{80});
    for (std::size_t bit = 0; bit < 40; ++bit) {
        const bool one = (frame[bit / 8] >> (7 - bit % 8) & 1) != 0;
        wire.hold(false, microseconds{50});
        wire.hold(true, microseconds{one ? 70 : 26});
    }
    wire.hold(false, microseconds{50});
    wire.hold(true, microseconds{0});
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 4) return 2;
    const auto frames = read_frames();
    const sched_param priority{.sched_priority = kPriority};
    if (sched_setscheduler(0, SCHED_FIFO, &priority) != 0) give_up("priority");
    Wire wire(argv[3]);
    StartPulses starts(argv[1], static_cast<unsigned>(std::strtoul(argv[2], nullptr, 10)));
    for (const auto& frame : frames) {
        // A DHT11 does not notice a shorter one.
        while (starts.next() < kStartLeast) {
        }
        play(wire, frame);
    }
    std::cout << "HIL: frames played: " << frames.size() << ", edges late by at most "
              << wire.latest().count() << " ns\n";
    return 0;
}
