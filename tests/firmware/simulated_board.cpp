// An Arduino Uno that is not there: a sketch on simavr's ATmega328P, its three sensors, and its
// serial port behind a link that stays the same, as udev's names do. Runs until it is killed, at
// the pace of real time: simulated_board <sketch.elf> <link> <scene file>, see scene.hpp. What the
// board sends is on its output too.
#include <fcntl.h>
#include <simavr/avr_uart.h>
#include <simavr/sim_elf.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "firmware/sensors.hpp"

namespace {

using std::chrono::milliseconds;

constexpr std::uint32_t kFrequency = 16'000'000;
constexpr milliseconds kSlice{2};
constexpr avr_cycle_count_t kCyclesPerSlice = kFrequency / 1000 * kSlice.count();
constexpr int kSlicesPerCheck = 10;  // Of the scene.

/// The host's end of the serial line. Like a UART without flow control, it drops what nobody reads.
class SerialLine {
  public:
    explicit SerialLine(const std::filesystem::path& link) {
        host_ = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
        std::array<char, 128> name{};
        if (host_ < 0 || grantpt(host_) != 0 || unlockpt(host_) != 0 ||
            ptsname_r(host_, name.data(), name.size()) != 0) {
            throw std::runtime_error("no pseudo-terminal");
        }
        // Held open until the end, so that it does not hang up when the agent closes it.
        const int board = open(name.data(), O_RDWR | O_NOCTTY | O_CLOEXEC);
        termios mode{};
        tcgetattr(board, &mode);
        cfmakeraw(&mode);
        tcsetattr(board, TCSANOW, &mode);
        std::filesystem::create_symlink(name.data(), link.string() + ".new");
        std::filesystem::rename(link.string() + ".new", link);
    }

    static void sent(avr_irq_t*, std::uint32_t byte, void* self) {
        const char c = static_cast<char>(byte);
        const auto written = write(static_cast<SerialLine*>(self)->host_, &c, 1);
        if (written != 1) {
            base::log_warn("a byte was lost: nobody reads");
            return;
        }
        // For the test, too, which compares it with what the agent recorded.
        static_cast<void>(!write(STDOUT_FILENO, &c, 1));
    }

  private:
    int host_ = -1;
};

avr_t* start(const char* sketch) {
    elf_firmware_t firmware{};
    if (elf_read_firmware(sketch, &firmware) != 0) throw std::runtime_error("no sketch");
    avr_t* avr = avr_make_mcu_by_name("atmega328p");
    if (avr == nullptr || avr_init(avr) != 0) throw std::runtime_error("no ATmega328P");
    firmware.frequency = kFrequency;
    avr_load_firmware(avr, &firmware);
    avr->vcc = avr->avcc = avr->aref = 5000;
    return avr;
}

void connect(avr_t* avr, SerialLine& line) {
    std::uint32_t flags = 0;
    avr_ioctl(avr, AVR_IOCTL_UART_GET_FLAGS('0'), &flags);
    flags &= ~static_cast<std::uint32_t>(AVR_UART_FLAG_STDIO | AVR_UART_FLAG_POLL_SLEEP);
    avr_ioctl(avr, AVR_IOCTL_UART_SET_FLAGS('0'), &flags);
    avr_irq_register_notify(avr_io_getirq(avr, AVR_IOCTL_UART_GETIRQ('0'), UART_IRQ_OUTPUT),
                            SerialLine::sent, &line);
}

std::string content_of(const std::string& path) {
    std::ifstream in(path);
    return {std::istreambuf_iterator<char>{in}, {}};
}

/// Never faster than real time, and slower where the machine is.
void run(avr_t* avr, const std::string& scene_file) {
    firmware::Scene scene;
    firmware::SimulatedClimate climate(avr, scene);
    firmware::SimulatedSonar sonar(avr, scene);
    firmware::SimulatedMotion motion(avr, scene);
    std::string known;
    const base::SystemClock clock;
    auto due = clock.instant();
    for (std::uint64_t slice = 0;; ++slice) {
        if (slice % kSlicesPerCheck == 0) {
            const auto text = content_of(scene_file);
            if (text != known) {
                scene = firmware::parse_scene(text);
                sonar.apply();
                motion.apply();
                known = text;
            }
        }
        const auto end = avr->cycle + kCyclesPerSlice;
        while (avr->cycle < end) {
            const int state = avr_run(avr);
            if (state == cpu_Done || state == cpu_Crashed) throw std::runtime_error("crashed");
        }
        due = std::max(due + kSlice, clock.instant());
        if (due > clock.instant()) base::pause_for(due - clock.instant());
    }
}

}  // namespace

// NOLINTNEXTLINE(bugprone-exception-escape): to end with the reason is all it can do.
int main(int argc, char** argv) {
    if (argc != 4) return 2;
    avr_t* avr = start(argv[1]);
    SerialLine line(argv[2]);
    connect(avr, line);
    run(avr, argv[3]);
}
