#pragma once

#include <linux/gpio.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "drivers/gpio/script.hpp"

namespace virtual_gpio {

/// One request of lines, as the kernel keeps it behind a file descriptor.
struct Request {
    struct Line {
        unsigned offset = 0;
        std::uint64_t flags = 0;
        std::uint32_t events = 0;  // Numbered, kept or not.
        bool driven = false;       // The level an output is driven to.
        std::uint64_t driven_since_ns = 0;
        bool seen = false;          // An input's level at the last check.
        std::uint32_t bounced = 0;  // What the script said at the last check.
    };

    int kernel_end = -1;  // Of a socket pair; the program holds the other end.
    std::string consumer;
    std::size_t events_max = 0;
    std::uint32_t events = 0;
    std::vector<Line> lines;
};

/// The kernel's side of GPIO uAPI v2 (linux/gpio.h) for one chip of 28 lines. Calls return 0 or an
/// errno. Events go through a socket pair of whole packets, so that read() and poll() stay native;
/// as in the kernel, a full buffer loses the oldest. What happens is written to the file `log` in
/// $VIRTUAL_GPIO: "granted 4", "read 4", "answered 4", "edge 17 1 <CLOCK_MONOTONIC in ns>".
class Chip {
  public:
    static constexpr unsigned kLines = 28;

    int line_info(gpio_v2_line_info& info);
    int request(gpio_v2_line_request& request);
    int configure(int fd, const gpio_v2_line_config& config);
    int set(int fd, const gpio_v2_line_values& values);
    int get(int fd, gpio_v2_line_values& values);
    bool holds(int fd);
    /// Whether its chip was unplugged: then every call fails with ENODEV. Needs no lock, because
    /// every read() calls it, even those of the chip itself.
    bool is_dead(int fd) const { return fd >= 0 && fd < kDescriptorsMax && dead_[fd]; }
    void release(int fd);

  private:
    bool in_use(unsigned offset, std::string& consumer);
    int apply(int fd, Request& request, const gpio_v2_line_config& config);
    void answer_dht(int fd, Request& request, Request::Line& line, std::uint64_t now_ns);
    void answer_sonar(const Script& script, unsigned trigger, std::uint64_t now_ns);
    void deliver(int fd, Request& request, Request::Line& line, const std::vector<Change>& changes,
                 std::uint64_t from_ns, std::size_t keeps);
    bool level(const Script& script, const Request::Line& line) const;
    void watch();
    void look();
    void move_contact(const Script& script, int fd, Request& request, Request::Line& line);

    static constexpr int kDescriptorsMax = 4096;

    std::mutex mutex_;
    std::array<std::atomic<bool>, kDescriptorsMax> dead_{};
    std::map<int, Request> requests_;
    std::set<unsigned> held_high_;  // Echoes that never fell.
    bool watching_ = false;
};

}  // namespace virtual_gpio
