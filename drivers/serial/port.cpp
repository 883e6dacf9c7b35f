#include "drivers/serial/port.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include "drivers/serial/port_names.hpp"

namespace drivers::serial {

namespace {

constexpr std::array<std::int64_t, 14> kBauds{1200,   2400,   4800,    9600,   19200,
                                              38400,  57600,  115200,  230400, 460800,
                                              500000, 921600, 1000000, 2000000};
constexpr std::array<speed_t, kBauds.size()> kSpeeds{B1200,   B2400,   B4800,    B9600,   B19200,
                                                     B38400,  B57600,  B115200,  B230400, B460800,
                                                     B500000, B921600, B1000000, B2000000};

base::Error transient(std::string detail) {
    return {base::Fault::transient, std::move(detail)};
}

std::string missing(const PortOptions& options) {
    const auto names = port_names(options.devices);
    if (names.empty()) {
        return fmt::format("no {}: no board is plugged in (its cable may be for charging only)",
                           options.path);
    }
    return fmt::format("no {}; there are: {}", options.path, fmt::join(names, ", "));
}

std::string in_use(const std::string& path) {
    return fmt::format(
        "{} is in use by another program: `fuser {}` shows it (a serial monitor, ModemManager)",
        path, path);
}

base::Error why_not(int error, const PortOptions& options) {
    switch (error) {
        case ENOENT:
        case ENXIO:
        case ENODEV:
            return transient(missing(options));
        case EACCES:
        case EPERM:
            return transient(fmt::format(
                "no permission for {}: usermod -aG dialout USER, then start again", options.path));
        case EBUSY:
        case EWOULDBLOCK:
            return transient(in_use(options.path));
        case EISDIR:
            return {base::Fault::misconfigured,
                    fmt::format("{} is a folder, no serial port", options.path)};
        default:
            return transient(
                fmt::format("{}: {}", options.path, std::generic_category().message(error)));
    }
}

speed_t speed_of(std::int64_t baud) {
    const auto found = std::find(kBauds.begin(), kBauds.end(), baud);
    ENSURE(found != kBauds.end());
    return kSpeeds.at(static_cast<std::size_t>(found - kBauds.begin()));
}

bool configure(int file, std::int64_t baud) {
    termios mode{};
    if (tcgetattr(file, &mode) != 0) return false;
    cfmakeraw(&mode);
    mode.c_cflag |= CLOCAL | CREAD;
    // Without HUPCL the reset line of an Arduino stays as it is when the agent ends, so its next
    // start does not reset the board.
    mode.c_cflag &= ~(CSTOPB | CRTSCTS | HUPCL);
    mode.c_cc[VMIN] = 1;  // With 0 "nothing came" and "unplugged" would both read as 0 bytes.
    mode.c_cc[VTIME] = 0;
    cfsetspeed(&mode, speed_of(baud));
    return tcsetattr(file, TCSANOW, &mode) == 0;
}

}  // namespace

std::span<const std::int64_t> bauds() {
    return kBauds;
}

base::Result<Port> Port::open(const PortOptions& options) {
    const int file = ::open(options.path.c_str(), O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (file < 0) return why_not(errno, options);
    Port port(file);
    if (isatty(file) == 0) {
        return base::Error{base::Fault::misconfigured,
                           fmt::format("{} is no serial port", options.path)};
    }
    // Two readers would each get some of the bytes, and understand none.
    if (flock(file, LOCK_EX | LOCK_NB) != 0) return why_not(errno, options);
    if (!configure(file, options.baud)) return why_not(errno, options);
    return port;
}

Port::~Port() {
    if (file_ >= 0) close(file_);
}

Port::Port(Port&& other) noexcept : file_(std::exchange(other.file_, -1)) {}

Port& Port::operator=(Port&& other) noexcept {
    std::swap(file_, other.file_);
    return *this;
}

base::Result<std::size_t> Port::read(std::span<char> bytes) const {
    const auto count = ::read(file_, bytes.data(), bytes.size());
    if (count > 0) return static_cast<std::size_t>(count);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return std::size_t{0};
    return transient(count == 0 ? "hung up" : std::generic_category().message(errno));
}

}  // namespace drivers::serial
