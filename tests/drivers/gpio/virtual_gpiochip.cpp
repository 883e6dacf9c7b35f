// An imaginary GPIO chip for the unmodified libgpiod: preloaded (LD_PRELOAD), it answers the few
// calls that libgpiod makes about the path $VIRTUAL_GPIO/gpiochip0, and passes on all others.
// script.hpp says what is connected to the chip. Times are exact: nothing sleeps to make an edge.
#include <dlfcn.h>
#include <fcntl.h>
#include <linux/gpio.h>
#include <pthread.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "drivers/gpio/chip.hpp"

using virtual_gpio::Chip;

namespace {

constexpr unsigned kMajor = 254;
constexpr gid_t kGroup = 20;  // Debian's dialout: "gpio" is not on every machine.

template <class Function>
Function* real(const char* name) {
    return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

/// Never destroyed: a thread of it lives as long as the process.
Chip& chip() {
    static Chip& chip = *new Chip;
    return chip;
}

struct ChipDescriptors {
    std::mutex mutex;
    std::set<int> open;
};

ChipDescriptors& descriptors() {
    static ChipDescriptors& descriptors = *new ChipDescriptors;
    return descriptors;
}

bool is_chip(const char* path) {
    const auto folder = virtual_gpio::folder();
    return path != nullptr && !folder.empty() && folder + "/gpiochip0" == path;
}

/// Its device file goes with an unplugged chip; here it stays, and what is asked of it fails so.
bool is_gone() {
    return virtual_gpio::read_script().gone;
}

bool is_chip(int fd) {
    const std::lock_guard lock(descriptors().mutex);
    return descriptors().open.contains(fd);
}

int open_chip() {
    const auto script = virtual_gpio::read_script();
    if (script.denied || script.gone) {
        errno = script.gone ? ENODEV : EACCES;
        return -1;
    }
    const int fd = real<int(const char*, int, ...)>("open")("/dev/null", O_RDWR | O_CLOEXEC);
    const std::lock_guard lock(descriptors().mutex);
    if (fd >= 0) descriptors().open.insert(fd);
    return fd;
}

int fill_stat(struct stat* result) {
    if (is_gone()) {
        errno = ENOENT;
        return -1;
    }
    std::memset(result, 0, sizeof *result);
    result->st_mode = S_IFCHR | 0660;
    result->st_gid = kGroup;
    result->st_rdev = makedev(kMajor, 0);
    return 0;
}

int chip_info(gpiochip_info& info) {
    info = {};
    std::snprintf(info.name, sizeof info.name, "gpiochip0");
    std::snprintf(info.label, sizeof info.label, "%s", virtual_gpio::read_script().label.c_str());
    info.lines = Chip::kLines;
    return 0;
}

int chip_call(std::uint32_t request, void* argument) {
    switch (request) {
        case GPIO_GET_CHIPINFO_IOCTL:
            return chip_info(*static_cast<gpiochip_info*>(argument));
        case GPIO_V2_GET_LINEINFO_IOCTL:
        case GPIO_V2_GET_LINEINFO_WATCH_IOCTL:
            return chip().line_info(*static_cast<gpio_v2_line_info*>(argument));
        case GPIO_V2_GET_LINE_IOCTL:
            return chip().request(*static_cast<gpio_v2_line_request*>(argument));
        default:
            return ENOTTY;
    }
}

int line_call(int fd, std::uint32_t request, void* argument) {
    switch (request) {
        case GPIO_V2_LINE_SET_CONFIG_IOCTL:
            return chip().configure(fd, *static_cast<gpio_v2_line_config*>(argument));
        case GPIO_V2_LINE_SET_VALUES_IOCTL:
            return chip().set(fd, *static_cast<gpio_v2_line_values*>(argument));
        case GPIO_V2_LINE_GET_VALUES_IOCTL:
            return chip().get(fd, *static_cast<gpio_v2_line_values*>(argument));
        default:
            return ENOTTY;
    }
}

int answered(int error) {
    if (error == 0) return 0;
    errno = error;
    return -1;
}

/// While this thread is in the chip, whose own threads are the kernel's.
thread_local bool in_chip = false;

int chip_answer(int fd, std::uint32_t request, void* argument) {
    in_chip = true;
    const int error = is_chip(fd) ? chip_call(request, argument) : line_call(fd, request, argument);
    in_chip = false;
    return answered(error);
}

bool is_subsystem(const char* path) {
    return path != nullptr && std::string_view(path) == "/sys/dev/char/254:0/subsystem";
}

}  // namespace

extern "C" {

/// How a test sees that the chip is there.
int virtual_gpiochip = 1;

int open(const char* path, int flags, ...) {
    va_list arguments;
    va_start(arguments, flags);
    const auto mode = va_arg(arguments, mode_t);
    va_end(arguments);
    return is_chip(path) ? open_chip()
                         : real<int(const char*, int, ...)>("open")(path, flags, mode);
}

int open64(const char* path, int flags, ...) {
    va_list arguments;
    va_start(arguments, flags);
    const auto mode = va_arg(arguments, mode_t);
    va_end(arguments);
    return is_chip(path) ? open_chip()
                         : real<int(const char*, int, ...)>("open64")(path, flags, mode);
}

/// What open() becomes where the distribution hardens libgpiod.
int __open_2(const char* path, int flags) {
    return is_chip(path) ? open_chip() : real<int(const char*, int)>("__open_2")(path, flags);
}

int ioctl(int fd, unsigned long request, ...) noexcept {
    va_list arguments;
    va_start(arguments, request);
    void* argument = va_arg(arguments, void*);
    va_end(arguments);
    // libgpiod passes the number with its sign extended.
    const auto number = static_cast<std::uint32_t>(request);
    if (is_chip(fd) || chip().holds(fd)) return chip_answer(fd, number, argument);
    return real<int(int, unsigned long, ...)>("ioctl")(fd, request, argument);
}

int pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*start)(void*),
                   void* argument) noexcept {
    if (!in_chip && !virtual_gpio::folder().empty() && virtual_gpio::read_script().no_threads) {
        return EAGAIN;
    }
    return real<int(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*)>("pthread_create")(
        thread, attributes, start, argument);
}

ssize_t read(int fd, void* buffer, size_t size) {
    if (chip().is_dead(fd)) {
        errno = ENODEV;
        return -1;
    }
    return real<ssize_t(int, void*, size_t)>("read")(fd, buffer, size);
}

int close(int fd) {
    {
        const std::lock_guard lock(descriptors().mutex);
        descriptors().open.erase(fd);
    }
    // Before the number can be reused. Not for the chip's own sockets, which it
    // closes while it holds its lock.
    static thread_local bool inside = false;
    if (!inside) {
        inside = true;
        chip().release(fd);
        inside = false;
    }
    return real<int(int)>("close")(fd);
}

int lstat(const char* path, struct stat* result) noexcept {
    if (is_chip(path)) return fill_stat(result);
    return real<int(const char*, struct stat*)>("lstat")(path, result);
}

int stat(const char* path, struct stat* result) noexcept {
    if (is_chip(path)) return fill_stat(result);
    return real<int(const char*, struct stat*)>("stat")(path, result);
}

int access(const char* path, int mode) noexcept {
    if (is_chip(path)) return 0;
    return real<int(const char*, int)>("access")(path, mode);
}

char* realpath(const char* path, char* resolved) noexcept {
    if (!is_chip(path) && !is_subsystem(path)) {
        return real<char*(const char*, char*)>("realpath")(path, resolved);
    }
    const char* answer = is_chip(path) ? path : "/sys/bus/gpio";
    if (resolved == nullptr) return strdup(answer);
    return std::strcpy(resolved, answer);
}

}  // extern "C"
