// Method: a root folder with the files and links that the kernel makes for an Uno, a Pi's own port
// and the kernel's dht11 driver, as seen on a Raspberry Pi.
#include "agent/probe/machine.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include "support/temporary_folder.hpp"

namespace {

namespace fs = std::filesystem;

class Root {
  public:
    void write(const std::string& name, const std::string& content) const {
        fs::create_directories((folder_.path() / name).parent_path());
        folder_.write(name, content);
    }
    void link(const std::string& name, const std::string& target) const {
        fs::create_directories((folder_.path() / name).parent_path());
        fs::create_symlink(target, folder_.path() / name);
    }
    std::string path(const std::string& name) const { return folder_.file(name); }
    agent::Machine observe() const { return agent::observe_machine(folder_.path().string()); }

  private:
    support::TemporaryFolder folder_;
};

}  // namespace

TEST_CASE("nothing is found where nothing is, and the kernel is named") {
    const auto machine = Root().observe();
    CHECK(machine.serial.empty());
    CHECK(machine.iio.empty());
    CHECK(machine.gpio.chips.empty());
    CHECK(machine.gpio_trouble.empty());
    CHECK_FALSE(machine.kernel.empty());
    CHECK_FALSE(machine.user.empty());
}

TEST_CASE("a serial port has its lasting name, its maker, and who holds it") {
    const Root root;
    const std::string usb = "sys/devices/usb1/1-1/1-1.2";
    root.write("dev/ttyACM0", "");
    root.write("dev/ttyAMA0", "");
    root.write("dev/tty1", "");
    root.link("dev/serial/by-id/usb-Arduino_Uno-if00", "../../ttyACM0");
    root.write(usb + "/idVendor", "2341\n");
    root.write(usb + "/idProduct", "0043\n");
    root.write(usb + "/manufacturer", "Arduino\n");
    root.write(usb + "/product", "Uno\n");
    root.write(usb + "/1-1.2:1.0/bInterfaceNumber", "00\n");
    root.link("sys/class/tty/ttyACM0/device", root.path(usb + "/1-1.2:1.0"));
    root.write("proc/42/comm", "ModemManager\n");
    root.link("proc/42/fd/5", root.path("dev/ttyACM0"));
    root.link("proc/42/fd/6", root.path("dev/ttyACM0"));
    root.link("proc/42/fd/7", "socket:[1]");
    root.write("proc/self/comm", "no process of its own\n");
    const auto machine = root.observe();
    REQUIRE(machine.serial.size() == 2);
    const auto& uno = machine.serial[0];
    CHECK(uno.path == root.path("dev/ttyACM0"));
    CHECK(uno.links ==
          std::vector<std::string>{root.path("dev/serial/by-id/usb-Arduino_Uno-if00")});
    CHECK(uno.usb_id == "2341:0043");
    CHECK(uno.vendor == "Arduino");
    CHECK(uno.product == "Uno");
    REQUIRE(uno.holders.size() == 1);
    CHECK(uno.holders[0].process == 42);
    CHECK(uno.holders[0].name == "ModemManager");
    CHECK(machine.serial[1].usb_id.empty());
    CHECK(machine.serial[1].holders.empty());
}

TEST_CASE("sensors of the kernel and thermometers are found, and the board says its name") {
    const Root root;
    root.write("proc/device-tree/model", std::string("Raspberry Pi 4 Model B\0", 23));
    const std::string device = "sys/bus/iio/devices/iio:device0/";
    root.write(device + "name", "dht11\n");
    root.write(device + "in_temp_input", "23400\n");
    root.write(device + "in_humidityrelative_input", "45000\n");
    root.write(device + "in_voltage0_raw", "1\n");
    root.write(device + "in_voltage0_scale", "1\n");
    root.write("sys/bus/iio/devices/trigger0/name", "sysfstrig\n");
    root.write("sys/class/thermal/thermal_zone0/type", "cpu-thermal\n");
    const auto machine = root.observe();
    CHECK(machine.board == "Raspberry Pi 4 Model B");
    REQUIRE(machine.iio.size() == 1);
    CHECK(machine.iio[0].id == "iio:device0");
    CHECK(machine.iio[0].name == "dht11");
    CHECK(machine.iio[0].quantities ==
          std::vector<std::string>{"humidityrelative", "temp", "voltage0"});
    REQUIRE(machine.thermometers.size() == 1);
    CHECK(machine.thermometers[0].name == "cpu-thermal");
}
