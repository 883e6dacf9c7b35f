#include "agent/probe/machine.hpp"

#include <pwd.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <map>

namespace agent {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLineMax = 256;
constexpr std::size_t kEntriesMax = 4096;
constexpr int kUsbDepthMax = 6;  // From a tty up to the device with the names.

/// The first line of a small file of the kernel; empty when there is none.
std::string first_line(const fs::path& path) {
    std::ifstream file(path);
    std::string line(kLineMax, '\0');
    file.read(line.data(), static_cast<std::streamsize>(line.size()));
    line.resize(static_cast<std::size_t>(file.gcount()));
    // Texts in the device tree end with a zero byte.
    const std::string_view ends("\n\0", 2);
    line.resize(std::min(line.size(), line.find_first_of(ends)));
    return line;
}

std::vector<fs::path> entries(const fs::path& folder) {
    std::vector<fs::path> result;
    std::error_code error;
    for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
        if (result.size() == kEntriesMax) break;
        result.push_back(it->path());
    }
    std::sort(result.begin(), result.end());
    return result;
}

std::string name_of(const fs::path& path) {
    return path.filename().string();
}

/// "in_temp_input" and "in_voltage0_raw" measure "temp" and "voltage0".
std::vector<std::string> quantities_of(const fs::path& device) {
    std::vector<std::string> result;
    for (const auto& entry : entries(device)) {
        const auto name = name_of(entry);
        if (!name.starts_with("in_")) continue;
        for (const std::string_view end : {"_input", "_raw"}) {
            if (!name.ends_with(end)) continue;
            auto quantity = name.substr(3, name.size() - 3 - end.size());
            if (result.empty() || result.back() != quantity) result.push_back(std::move(quantity));
        }
    }
    return result;
}

std::vector<IioDevice> iio_devices(const fs::path& root) {
    std::vector<IioDevice> result;
    for (const auto& entry : entries(root / "sys/bus/iio/devices")) {
        if (!name_of(entry).starts_with("iio:device")) continue;
        result.push_back({.id = name_of(entry),
                          .name = first_line(entry / "name"),
                          .quantities = quantities_of(entry)});
    }
    return result;
}

bool is_serial_port(const std::string& name) {
    return name.starts_with("ttyACM") || name.starts_with("ttyUSB") || name.starts_with("ttyAMA");
}

/// The names of the USB device are a few folders above its tty.
void name_by_usb(const fs::path& root, SerialPort& port) {
    std::error_code error;
    auto folder = fs::canonical(root / "sys/class/tty" / name_of(port.path) / "device", error);
    for (int depth = 0; !error && depth < kUsbDepthMax; ++depth, folder = folder.parent_path()) {
        if (!fs::exists(folder / "idVendor", error)) continue;
        port.usb_id = first_line(folder / "idVendor") + ":" + first_line(folder / "idProduct");
        port.vendor = first_line(folder / "manufacturer");
        port.product = first_line(folder / "product");
        return;
    }
}

using Holders = std::multimap<std::string, Holder>;  // By the path of the device.

/// The devices that processes have open, as far as this user may see.
Holders find_holders(const fs::path& root) {
    Holders holders;
    for (const auto& process : entries(root / "proc")) {
        const auto name = name_of(process);
        Holder holder{.process = 0, .name = first_line(process / "comm")};
        const auto* end = name.data() + name.size();
        const auto parsed = std::from_chars(name.data(), end, holder.process);
        if (parsed.ec != std::errc{} || parsed.ptr != end) continue;
        for (const auto& descriptor : entries(process / "fd")) {
            std::error_code error;
            const auto target = fs::read_symlink(descriptor, error);
            const auto known = holders.equal_range(target.string());
            const bool again = std::any_of(known.first, known.second, [&](const auto& entry) {
                return entry.second.process == holder.process;
            });
            if (!error && !again) holders.emplace(target.string(), holder);
        }
    }
    return holders;
}

/// The links in /dev/serial/by-id and /dev/serial0, by the device that they lead to.
std::multimap<std::string, std::string> stable_names(const fs::path& root) {
    std::multimap<std::string, std::string> names;
    const auto add = [&](const fs::path& link) {
        std::error_code error;
        const auto target = fs::canonical(link, error);
        if (!error) names.emplace(target.string(), link.string());
    };
    for (const auto& link : entries(root / "dev/serial/by-id")) add(link);
    for (const auto* link : {"dev/serial0", "dev/serial1"}) add(root / link);
    return names;
}

std::vector<SerialPort> serial_ports(const fs::path& root) {
    std::vector<SerialPort> ports;
    for (const auto& entry : entries(root / "dev")) {
        if (!is_serial_port(name_of(entry))) continue;
        SerialPort port{.path = entry.string(),
                        .links = {},
                        .usb_id = {},
                        .vendor = {},
                        .product = {},
                        .holders = {},
                        .open_to_us = access(entry.c_str(), R_OK | W_OK) == 0,
                        .group = drivers::gpio::group_of_device(entry.string())};
        name_by_usb(root, port);
        ports.push_back(std::move(port));
    }
    if (ports.empty()) return ports;  // Then there is no need to go through all processes.
    const auto links = stable_names(root);
    const auto holders = find_holders(root);
    for (auto& port : ports) {
        std::error_code error;
        const auto target = fs::canonical(port.path, error).string();
        const auto [first_link, last_link] = links.equal_range(target);
        for (auto it = first_link; it != last_link; ++it) port.links.push_back(it->second);
        const auto [first, last] = holders.equal_range(target);
        for (auto it = first; it != last; ++it) port.holders.push_back(it->second);
    }
    return ports;
}

std::string user_name() {
    std::vector<char> text(4096);
    passwd entry{};
    passwd* found = nullptr;
    const bool known =
        getpwuid_r(geteuid(), &entry, text.data(), text.size(), &found) == 0 && found != nullptr;
    return known ? found->pw_name : std::to_string(geteuid());
}

}  // namespace

Machine observe_machine(const std::string& root) {
    const fs::path base(root);
    utsname names{};
    uname(&names);
    Machine machine{.board = first_line(base / "proc/device-tree/model"),
                    .kernel = names.release,
                    .user = user_name(),
                    .gpio = {},
                    .gpio_trouble = {},
                    .iio = iio_devices(base),
                    .serial = serial_ports(base),
                    .thermometers = drivers::host::find_thermometers(root)};
    if (auto survey = drivers::gpio::survey_chips((base / "dev").string())) {
        machine.gpio = std::move(survey).value();
    } else {
        machine.gpio_trouble = survey.error().detail;
    }
    return machine;
}

}  // namespace agent
