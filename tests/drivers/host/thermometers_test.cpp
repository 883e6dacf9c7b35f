#include "drivers/host/thermometers.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include "support/temporary_folder.hpp"

namespace {

namespace fs = std::filesystem;

void write(const support::TemporaryFolder& root, const std::string& name,
           const std::string& content) {
    fs::create_directories((root.path() / name).parent_path());
    root.write(name, content);
}

std::vector<std::string> names_of(const std::vector<drivers::host::Thermometer>& thermometers) {
    std::vector<std::string> names;
    for (const auto& one : thermometers) names.push_back(one.name);
    return names;
}

}  // namespace

TEST_CASE("zones come first, then chips by name and channel") {
    const support::TemporaryFolder root;
    write(root, "sys/class/thermal/thermal_zone0/type", "cpu-thermal\n");
    write(root, "sys/class/thermal/thermal_zone0/temp", "48312\n");
    write(root, "sys/class/thermal/cooling_device0/type", "fan\n");
    write(root, "sys/class/hwmon/hwmon0/name", "nvme\n");
    write(root, "sys/class/hwmon/hwmon0/temp1_input", "38850\n");
    write(root, "sys/class/hwmon/hwmon0/temp1_label", "Composite\n");
    write(root, "sys/class/hwmon/hwmon0/temp1_max", "90000\n");
    write(root, "sys/class/hwmon/hwmon1/name", "k10temp\n");
    write(root, "sys/class/hwmon/hwmon1/temp10_input", "1\n");
    write(root, "sys/class/hwmon/hwmon1/temp2_input", "1\n");
    const auto found = drivers::host::find_thermometers(root.path().string());
    CHECK(names_of(found) == std::vector<std::string>{"cpu-thermal", "k10temp temp10",
                                                      "k10temp temp2", "nvme Composite"});
    CHECK(found[0].path == root.file("sys/class/thermal/thermal_zone0/temp"));
    CHECK(found[3].path == root.file("sys/class/hwmon/hwmon0/temp1_input"));
}

TEST_CASE("two chips of a kind keep their order when the kernel numbers them the other way") {
    const auto paths_when = [](const std::string& first, const std::string& second) {
        const support::TemporaryFolder root;
        write(root, "sys/devices/bus/slot-a/id", "a");
        write(root, "sys/devices/bus/slot-b/id", "b");
        for (const auto& [hwmon, slot] : {std::pair{first, "slot-a"}, {second, "slot-b"}}) {
            const auto folder = "sys/class/hwmon/" + hwmon;
            write(root, folder + "/name", "nvme\n");
            write(root, folder + "/temp1_input", "1\n");
            fs::create_directory_symlink(root.path() / "sys/devices/bus" / slot,
                                         root.path() / folder / "device");
        }
        std::vector<std::string> devices;
        for (const auto& one : drivers::host::find_thermometers(root.path().string())) {
            const auto device = fs::canonical(fs::path(one.path).parent_path() / "device");
            devices.push_back(device.filename().string());
        }
        return devices;
    };
    CHECK(paths_when("hwmon0", "hwmon1") == std::vector<std::string>{"slot-a", "slot-b"});
    CHECK(paths_when("hwmon1", "hwmon0") == std::vector<std::string>{"slot-a", "slot-b"});
}

TEST_CASE("two zones of a kind keep their order when the kernel numbers them the other way") {
    const auto devices_when = [](const std::string& first, const std::string& second) {
        const support::TemporaryFolder root;
        write(root, "sys/devices/acpi/THM0/id", "0");
        write(root, "sys/devices/acpi/THM1/id", "1");
        for (const auto& [zone, device] : {std::pair{first, "THM0"}, {second, "THM1"}}) {
            const auto folder = "sys/class/thermal/" + zone;
            write(root, folder + "/type", "acpitz\n");
            write(root, folder + "/temp", "1\n");
            fs::create_directory_symlink(root.path() / "sys/devices/acpi" / device,
                                         root.path() / folder / "device");
        }
        std::vector<std::string> devices;
        for (const auto& one : drivers::host::find_thermometers(root.path().string())) {
            const auto device = fs::canonical(fs::path(one.path).parent_path() / "device");
            devices.push_back(device.filename().string());
        }
        return devices;
    };
    CHECK(devices_when("thermal_zone0", "thermal_zone1") ==
          std::vector<std::string>{"THM0", "THM1"});
    CHECK(devices_when("thermal_zone1", "thermal_zone0") ==
          std::vector<std::string>{"THM0", "THM1"});
}

TEST_CASE("a chip that only repeats a thermal zone is left out") {
    const support::TemporaryFolder root;
    write(root, "sys/class/thermal/thermal_zone0/type", "cpu-thermal\n");
    write(root, "sys/class/thermal/thermal_zone0/temp", "48312\n");
    write(root, "sys/class/hwmon/hwmon0/name", "cpu_thermal\n");
    write(root, "sys/class/hwmon/hwmon0/temp1_input", "48312\n");
    fs::create_directory_symlink(root.path() / "sys/class/thermal/thermal_zone0",
                                 root.path() / "sys/class/hwmon/hwmon0/device");
    CHECK(names_of(drivers::host::find_thermometers(root.path().string())) ==
          std::vector<std::string>{"cpu-thermal"});
}

TEST_CASE("a machine without thermometers has none") {
    const support::TemporaryFolder root;
    CHECK(drivers::host::find_thermometers(root.path().string()).empty());
}
