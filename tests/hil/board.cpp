#include "hil/board.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <sstream>
#include <stdexcept>

#include "support/eventually.hpp"

namespace hil {

namespace {

constexpr base::Duration kMonitorPatience = std::chrono::seconds{10};
constexpr base::Duration kConsolePatience = std::chrono::seconds{10};
constexpr const char* kDevices = "/machine/unattached";

std::vector<std::string> command(const BoardOptions& options) {
    std::string words = "console=ttyAMA0 quiet panic=-1 SCENE=" + options.scene;
    for (const auto& word : options.words) words += " " + word;
    std::vector<std::string> argv{"qemu-system-aarch64", "-accel", "tcg", "-M", "virt"};
    const auto add = [&](const std::vector<std::string>& more) {
        argv.insert(argv.end(), more.begin(), more.end());
    };
    add({"-cpu", "cortex-a53", "-m", "192", "-nodefaults", "-display", "none", "-no-reboot"});
    const std::string folder = BOARD;
    add({"-kernel", folder + "/kernel", "-initrd", folder + "/board.cpio.gz", "-append", words});
    add({"-chardev", "socket,id=console,path=console,server=on,wait=off,logfile=console.log"});
    add({"-serial", "chardev:console", "-qmp", "unix:monitor,server=on,wait=off"});
    add({"-qtest", "unix:pins,server=on,wait=off", "-qtest-log", "none"});
    add({"-netdev", "user,id=net", "-device", "virtio-net-pci,netdev=net,romfile="});
    if (options.own_time) add({"-icount", "shift=0,sleep=off"});
    return argv;
}

std::string ask(LineSocket& monitor, const std::string& request) {
    monitor.send(request);
    while (const auto line = monitor.next(kMonitorPatience)) {
        if (line->find("\"return\"") != std::string::npos) return *line;
        if (line->find("\"error\"") != std::string::npos) throw std::runtime_error(*line);
    }
    throw std::runtime_error("QEMU's monitor does not answer " + request);
}

}  // namespace

void skip_without_board() {
    constexpr int kSkipped = 77;
    std::ifstream file(BOARD "/unavailable");
    std::string reason{std::istreambuf_iterator<char>{file}, {}};
    const bool complete = std::filesystem::exists(BOARD "/board.cpio.gz");
    if (reason.empty() && complete) return;
    if (reason.empty()) reason = "there is no board; make one: tests/hil/prepare.sh " BOARD "\n";
    fmt::print("skipped: {}", reason);
    std::exit(kSkipped);
}

Board::Board(const BoardOptions& options) {
    qemu_ = support::Process::start({.argv = command(options),
                                     .environment = {},
                                     .log_file = folder_.file("qemu.log"),
                                     .folder = folder_.path().string()});
}

Pins& Board::pins() {
    if (!pins_) pins_ = std::make_unique<Pins>(folder_.file("pins"), find_pins());
    return *pins_;
}

/// A device's number differs between versions of QEMU, and QEMU ends when it is asked for the pins
/// of a wrong one.
std::string Board::find_pins() const {
    LineSocket monitor(folder_.file("monitor"));
    ask(monitor, R"({"execute":"qmp_capabilities"})");
    const auto list = ask(
        monitor, fmt::format(R"({{"execute":"qom-list","arguments":{{"path":"{}"}}}})", kDevices));
    const std::regex entry(R"(\{[^{}]*"child<pl061>"[^{}]*\})");
    const std::regex name(R"re("name": *"([^"]*)")re");
    std::smatch found;
    if (!std::regex_search(list, found, entry)) throw std::runtime_error("no PL061 in " + list);
    const std::string device = found.str();
    if (!std::regex_search(device, found, name)) throw std::runtime_error("no name in " + device);
    return fmt::format("{}/{}", kDevices, found.str(1));
}

std::string Board::console() const {
    std::ifstream log(folder_.file("console.log"));
    std::string text{std::istreambuf_iterator<char>{log}, {}};
    std::erase(text, '\r');
    return text;
}

std::string Board::told() const {
    std::istringstream text(console());
    std::string result;
    for (std::string line; std::getline(text, line);) {
        const std::string mark = "HIL: ";
        if (!line.starts_with(mark)) continue;
        result += (result.empty() ? "" : "; ") + line.substr(mark.size());
    }
    return result;
}

bool Board::says(const std::string& text, base::Duration patience) {
    const auto said = [&] { return console().find(text) != std::string::npos; };
    support::eventually([&] { return said() || !running(); }, patience);
    return said();
}

void Board::type(const std::string& line) {
    LineSocket console(folder_.file("console"));
    console.send(line);
    // A port accepts a few characters at a time; what is left when we hang up is lost.
    const base::SystemClock clock;
    const auto end = clock.instant() + kConsolePatience;
    while (clock.instant() < end) {
        const auto echo = console.next(kConsolePatience);
        if (echo && echo->ends_with(line)) return;
    }
    throw std::runtime_error("the console does not take " + line);
}

bool Board::ends(base::Duration patience) {
    return qemu_->wait(patience).has_value();
}

}  // namespace hil
