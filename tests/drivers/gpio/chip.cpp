#include "drivers/gpio/chip.hpp"

#include <fcntl.h>
#include <pthread.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <deque>
#include <fstream>
#include <thread>
#include <utility>

namespace virtual_gpio {

namespace {

constexpr std::uint64_t kInput = GPIO_V2_LINE_FLAG_INPUT;
constexpr std::uint64_t kOutput = GPIO_V2_LINE_FLAG_OUTPUT;
constexpr std::uint64_t kRising = GPIO_V2_LINE_FLAG_EDGE_RISING;
constexpr std::uint64_t kFalling = GPIO_V2_LINE_FLAG_EDGE_FALLING;
constexpr std::size_t kOverflowKeeps = 16;           // The kernel's default buffer.
constexpr std::uint64_t kStartPulseNs = 18'000'000;  // A DHT11 does not notice a shorter one.
constexpr std::uint64_t kTriggerPulseNs = 10'000;

std::uint64_t now_ns() {
    timespec time{};
    clock_gettime(CLOCK_MONOTONIC, &time);
    return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000'000 +
           static_cast<std::uint64_t>(time.tv_nsec);
}

std::uint64_t flags_of(const gpio_v2_line_config& config, std::size_t index) {
    std::uint64_t flags = config.flags;
    for (std::size_t i = 0; i < config.num_attrs; ++i) {
        const auto& attribute = config.attrs[i];
        if ((attribute.mask >> index & 1) == 0) continue;
        if (attribute.attr.id == GPIO_V2_LINE_ATTR_ID_FLAGS) flags = attribute.attr.flags;
    }
    return flags;
}

bool value_of(const gpio_v2_line_config& config, std::size_t index) {
    for (std::size_t i = 0; i < config.num_attrs; ++i) {
        const auto& attribute = config.attrs[i];
        if ((attribute.mask >> index & 1) == 0) continue;
        if (attribute.attr.id != GPIO_V2_LINE_ATTR_ID_OUTPUT_VALUES) continue;
        return (attribute.attr.values >> index & 1) != 0;
    }
    return false;
}

bool is_pulled_up(std::uint64_t flags) {
    return (flags & GPIO_V2_LINE_FLAG_BIAS_PULL_UP) != 0;
}

/// Events that wait for the program.
std::size_t waiting(int fd) {
    int bytes = 0;
    syscall(SYS_ioctl, fd, FIONREAD, &bytes);  // Not our own ioctl(), which asks the chip.
    return static_cast<std::size_t>(bytes) / sizeof(gpio_v2_line_event);
}

template <class... Words>
void note(const char* what, const Words&... words) {
    std::ofstream file(folder() + "/log", std::ios::app);
    file << what;
    ((file << ' ' << words), ...);
    file << '\n';
}

bool is_valid(std::uint64_t flags) {
    const bool edges = (flags & (kRising | kFalling)) != 0;
    const bool both_ways = (flags & kInput) != 0 && (flags & kOutput) != 0;
    return !both_ways && (!edges || (flags & kInput) != 0);
}

}  // namespace

bool Chip::in_use(unsigned offset, std::string& consumer) {
    const auto script = read_script();
    if (const auto busy = script.busy.find(offset); busy != script.busy.end()) {
        consumer = busy->second;
        return true;
    }
    for (const auto& [fd, request] : requests_) {
        for (const auto& line : request.lines) {
            if (line.offset != offset) continue;
            consumer = request.consumer;
            return true;
        }
    }
    return false;
}

int Chip::line_info(gpio_v2_line_info& info) {
    const std::lock_guard lock(mutex_);
    const auto offset = info.offset;
    if (offset >= kLines) return EINVAL;
    info = {};
    info.offset = offset;
    info.flags = kInput;
    std::snprintf(info.name, sizeof info.name, "GPIO%u", offset);
    std::string consumer;
    if (!in_use(offset, consumer)) return 0;
    info.flags |= GPIO_V2_LINE_FLAG_USED;
    std::snprintf(info.consumer, sizeof info.consumer, "%s", consumer.c_str());
    return 0;
}

int Chip::request(gpio_v2_line_request& asked) {
    const std::lock_guard lock(mutex_);
    if (read_script().gone) return ENODEV;
    Request request;
    request.consumer = asked.consumer;
    request.events_max =
        asked.event_buffer_size > 0 ? asked.event_buffer_size : 16 * asked.num_lines;
    for (std::size_t i = 0; i < asked.num_lines; ++i) {
        std::string consumer;
        if (asked.offsets[i] >= kLines) return EINVAL;
        if (in_use(asked.offsets[i], consumer)) return EBUSY;
        request.lines.push_back({.offset = asked.offsets[i]});
    }
    if (const int error = apply(-1, request, asked.config); error != 0) return error;
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) return errno;
    constexpr int kRoom = 1 << 20;  // For 1024 events: the kernel's most.
    setsockopt(ends[1], SOL_SOCKET, SO_SNDBUF, &kRoom, sizeof kRoom);
    request.kernel_end = ends[1];
    asked.fd = ends[0];
    for (const auto& line : request.lines) note("granted", line.offset);
    requests_[ends[0]] = std::move(request);
    watch();
    return 0;
}

int Chip::configure(int fd, const gpio_v2_line_config& config) {
    const std::lock_guard lock(mutex_);
    auto& request = requests_.at(fd);
    return is_dead(fd) ? ENODEV : apply(fd, request, config);
}

int Chip::apply(int fd, Request& request, const gpio_v2_line_config& config) {
    const auto script = read_script();
    const auto now = now_ns();
    for (std::size_t i = 0; i < request.lines.size(); ++i) {
        auto& line = request.lines[i];
        const auto flags = flags_of(config, i);
        if (!is_valid(flags)) return EINVAL;
        if (script.has_fault(line.offset, "config")) return EIO;
        const auto before = std::exchange(line.flags, flags);
        if ((flags & kOutput) != 0) {
            line.driven = value_of(config, i);
            line.driven_since_ns = now;
        }
        line.seen = resting_level(script, line.offset, is_pulled_up(flags));
        const auto bounce = script.bounces.find(line.offset);
        if (before == 0 && bounce != script.bounces.end()) line.bounced = bounce->second;
        const bool let_go = (before & kOutput) != 0 && (flags & kInput) != 0;
        if (let_go && script.dht.contains(line.offset)) answer_dht(fd, request, line, now);
    }
    return 0;
}

void Chip::answer_dht(int fd, Request& request, Request::Line& line, std::uint64_t now) {
    const auto script = read_script();
    if (line.driven || now - line.driven_since_ns < kStartPulseNs) return;
    const bool overflow = script.has_fault(line.offset, "overflow");
    deliver(fd, request, line, dht_answer(script, line.offset), now,
            overflow ? kOverflowKeeps : request.events_max);
    note("answered", line.offset);
}

void Chip::answer_sonar(const Script& script, unsigned trigger, std::uint64_t now) {
    const auto echo = script.sonar.at(trigger).echo;
    const auto changes = sonar_answer(script, trigger);
    if (changes.size() == 1) held_high_.insert(echo);
    for (auto& [fd, request] : requests_) {
        for (auto& line : request.lines) {
            if (line.offset == echo) deliver(fd, request, line, changes, now, request.events_max);
        }
    }
}

void Chip::deliver(int fd, Request& request, Request::Line& line,
                   const std::vector<Change>& changes, std::uint64_t from, std::size_t keeps) {
    std::deque<gpio_v2_line_event> events;
    for (const auto& change : changes) {
        if ((line.flags & (change.level ? kRising : kFalling)) == 0) continue;
        gpio_v2_line_event event{};
        event.timestamp_ns = from + change.after_ns;
        event.id = change.level ? GPIO_V2_LINE_EVENT_RISING_EDGE : GPIO_V2_LINE_EVENT_FALLING_EDGE;
        event.offset = line.offset;
        event.line_seqno = ++line.events;
        event.seqno = ++request.events;
        events.push_back(event);
    }
    // A full buffer loses the oldest event, which keeps its number.
    while (events.size() > keeps) events.pop_front();
    for (const auto& event : events) {
        gpio_v2_line_event oldest{};
        while (waiting(fd) >= keeps && recv(fd, &oldest, sizeof oldest, MSG_DONTWAIT) > 0) {
        }
        if (send(request.kernel_end, &event, sizeof event, MSG_DONTWAIT | MSG_NOSIGNAL) > 0)
            continue;
        std::fprintf(stderr, "virtual gpiochip: an event found no room\n");
        std::abort();
    }
}

int Chip::set(int fd, const gpio_v2_line_values& values) {
    const std::lock_guard lock(mutex_);
    const auto script = read_script();
    const auto now = now_ns();
    auto& request = requests_.at(fd);
    if (is_dead(fd)) return ENODEV;
    for (std::size_t i = 0; i < request.lines.size(); ++i) {
        if ((values.mask >> i & 1) == 0) continue;
        auto& line = request.lines[i];
        if ((line.flags & kOutput) == 0) return EPERM;
        const bool before = std::exchange(line.driven, (values.bits >> i & 1) != 0);
        const auto width = now - std::exchange(line.driven_since_ns, now);
        const bool pulse = before && !line.driven && width >= kTriggerPulseNs;
        if (pulse && script.sonar.contains(line.offset)) answer_sonar(script, line.offset, now);
    }
    return 0;
}

bool Chip::level(const Script& script, const Request::Line& line) const {
    if ((line.flags & kOutput) != 0) return line.driven;
    const bool held =
        held_high_.contains(line.offset) && script.has_fault(line.offset, "never_falls");
    return held || resting_level(script, line.offset, is_pulled_up(line.flags));
}

int Chip::get(int fd, gpio_v2_line_values& values) {
    const std::lock_guard lock(mutex_);
    const auto script = read_script();
    const auto& request = requests_.at(fd);
    if (is_dead(fd)) return ENODEV;
    values.bits = 0;
    for (std::size_t i = 0; i < request.lines.size(); ++i) {
        if ((values.mask >> i & 1) == 0) continue;
        note("read", request.lines[i].offset);
        if (level(script, request.lines[i])) values.bits |= std::uint64_t{1} << i;
    }
    return 0;
}

bool Chip::holds(int fd) {
    const std::lock_guard lock(mutex_);
    return requests_.contains(fd);
}

void Chip::release(int fd) {
    const std::lock_guard lock(mutex_);
    const auto found = requests_.find(fd);
    if (found == requests_.end()) return;
    const int kernel_end = found->second.kernel_end;
    requests_.erase(found);
    if (is_dead(fd)) dead_[static_cast<std::size_t>(fd)] = false;
    close(kernel_end);
}

/// Contacts move when the script says so, which must be checked.
void Chip::watch() {
    if (std::exchange(watching_, true)) return;
    std::thread([this] {
        pthread_setname_np(pthread_self(),
                           "virtual chip");  // Its processor time is not the agent's.
        for (;;) {
            const timespec pause{.tv_sec = 0, .tv_nsec = 2'000'000};
            nanosleep(&pause, nullptr);
            const std::lock_guard lock(mutex_);
            look();
        }
    }).detach();
}

void Chip::look() {
    const auto script = read_script();
    for (auto& [fd, request] : requests_) {
        if (is_dead(fd)) continue;
        if (script.gone) {
            dead_.at(static_cast<std::size_t>(fd)) = true;
            shutdown(request.kernel_end, SHUT_RDWR);  // Wakes up a thread that polls it.
            continue;
        }
        for (auto& line : request.lines) move_contact(script, fd, request, line);
    }
}

void Chip::move_contact(const Script& script, int fd, Request& request, Request::Line& line) {
    const auto bounce = script.bounces.find(line.offset);
    const auto bounces = bounce == script.bounces.end() ? 0 : bounce->second;
    if (std::exchange(line.bounced, bounces) != bounces) {
        std::vector<Change> changes;
        bool level = line.seen;
        for (std::uint64_t i = 0; i < bounces; ++i) changes.push_back({i * 1000, level = !level});
        deliver(fd, request, line, changes, now_ns(), request.events_max);
    }
    const auto level = script.levels.find(line.offset);
    if (level == script.levels.end()) return;
    if (std::exchange(line.seen, level->second) == level->second) return;
    const auto now = now_ns();
    note("edge", line.offset, level->second, now);
    deliver(fd, request, line, {{0, level->second}}, now, request.events_max);
}

}  // namespace virtual_gpio
