#include "drivers/serial/board.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <stdexcept>

#include "support/eventually.hpp"

namespace serial_test {

void Board::plug() {
    unplug();
    host_ = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    std::array<char, 128> name{};
    if (host_ < 0 || grantpt(host_) != 0 || unlockpt(host_) != 0 ||
        ptsname_r(host_, name.data(), name.size()) != 0) {
        throw std::runtime_error("no pseudo-terminal; is /dev/pts mounted?");
    }
    board_ = open(name.data(), O_RDWR | O_NOCTTY | O_CLOEXEC);
    termios mode{};
    tcgetattr(board_, &mode);
    cfmakeraw(&mode);  // No echo before the port is opened.
    tcsetattr(board_, TCSANOW, &mode);
    std::filesystem::create_symlink(name.data(), path());
}

void Board::unplug() {
    if (host_ < 0) return;
    std::filesystem::remove(path());
    close(board_);
    close(host_);
    host_ = board_ = -1;
}

void Board::say(std::string_view bytes) {
    const auto all = waiting() + bytes.size();
    const auto written = write(host_, bytes.data(), bytes.size());
    // A worker of the kernel hands them on in its own time.
    if (written != static_cast<ssize_t>(bytes.size()) ||
        !support::eventually([&] { return waiting() == all; }, std::chrono::seconds{30},
                             std::chrono::milliseconds{1})) {
        throw std::runtime_error("the line is full");
    }
}

std::size_t Board::waiting() const {
    int bytes = 0;
    ioctl(board_, FIONREAD, &bytes);
    return static_cast<std::size_t>(bytes);
}

}  // namespace serial_test
