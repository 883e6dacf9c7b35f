#include "drivers/host/host.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <map>

#include "drivers/core/configured_driver.hpp"
#include "drivers/core/names.hpp"
#include "support/temporary_folder.hpp"

namespace {

/// A machine with two processors, two thermometers of one name, and 1000 of 4000 kB available.
class Machine {
  public:
    Machine() {
        write("proc/loadavg", "0.50 0.58 0.59 1/467 12345\n");
        write("proc/meminfo", "MemTotal: 4000 kB\nMemAvailable: 1000 kB\n");
        write("proc/stat", "cpu  1\ncpu0 1\ncpu1 1\n");
        for (const std::string zone : {"thermal_zone0", "thermal_zone1"}) {
            write("sys/class/thermal/" + zone + "/type", "acpitz\n");
        }
        write("sys/class/thermal/thermal_zone0/temp", "48312\n");
        write("sys/class/thermal/thermal_zone1/temp", "-5000\n");
    }

    void write(const std::string& name, const std::string& content) {
        std::filesystem::create_directories((root_.path() / name).parent_path());
        root_.write(name, content);
    }
    void remove(const std::string& name) { std::filesystem::remove_all(root_.path() / name); }

    std::string configuration(const std::string& more = {}) const {
        return "[[sensor]]\nname = \"host\"\ndriver = \"host\"\nroot = \"" + root_.path().string() +
               "\"\n" + more;
    }

  private:
    support::TemporaryFolder root_;
};

std::map<std::string, double> by_name(const drivers::Driver& driver,
                                      const drivers::Harvest& harvest) {
    std::map<std::string, double> result;
    for (const auto& one : harvest.measurements) {
        result[driver.quantities().at(one.quantity).name] = one.value;
    }
    return result;
}

}  // namespace

TEST_CASE("a machine is measured once a trigger, each quantity under its own name") {
    const support::ManualClock clock;
    const Machine machine;
    const auto driver = configured::must_make(machine.configuration(), clock);
    CHECK(driver->collect(clock.instant(), 100).measurements.empty());
    driver->trigger(clock.instant());
    const auto harvest = driver->collect(clock.instant(), 100);
    CHECK(harvest.failures.empty());
    const auto values = by_name(*driver, harvest);
    CHECK(values.size() == 5);
    CHECK(values.at("load_1m") == 0.25);
    CHECK(values.at("memory_used") == 0.75);
    CHECK(values.at("disk_used") >= 0);  // A fresh tmpfs is empty.
    CHECK(values.at("disk_used") <= 1);
    CHECK(values.at("temperature_acpitz") == 48.312);
    CHECK(values.at("temperature_acpitz_2") == -5);
    CHECK(harvest.measurements.at(0).taken == clock.instant());
    CHECK(driver->collect(clock.instant(), 100).measurements.empty());
}

TEST_CASE("a thermometer that vanishes is reported at every trigger, and the others go on") {
    const support::ManualClock clock;
    Machine machine;
    const auto driver = configured::must_make(machine.configuration(), clock);
    machine.remove("sys/class/thermal/thermal_zone0");
    for (int i = 0; i < 2; ++i) {
        driver->trigger(clock.instant());
        const auto harvest = driver->collect(clock.instant(), 100);
        CHECK(harvest.measurements.size() == 4);
        REQUIRE(harvest.failures.size() == 1);
        CHECK(harvest.failures[0].reason == "temperature_acpitz: No such file or directory");
    }
    machine.write("sys/class/thermal/thermal_zone0/temp", "50000\n");
    driver->trigger(clock.instant());
    const auto harvest = driver->collect(clock.instant(), 100);
    CHECK(harvest.failures.empty());
    CHECK(by_name(*driver, harvest).at("temperature_acpitz") == 50);
}

TEST_CASE("each mount point has its own quantity") {
    const support::ManualClock clock;
    Machine machine;
    machine.write("mnt/data/file", "");
    const auto driver = configured::must_make(
        machine.configuration("disks = [\"/\", \"/mnt/data\", \"/mnt\"]\ntemperatures = false\n"),
        clock);
    std::vector<std::string> names;
    for (const auto& quantity : driver->quantities()) {
        CHECK(drivers::is_name(quantity.name));
        CHECK(quantity.unit == "/");
        names.push_back(quantity.name);
    }
    CHECK(names == std::vector<std::string>{"load_1m", "memory_used", "disk_used",
                                            "disk_used_mnt_data", "disk_used_mnt"});
}

TEST_CASE("what cannot be measured at all stops the start and says what it is") {
    const support::ManualClock clock;
    struct Case {
        const char* name;
        std::string more;
        std::string part;
    };
    const Machine machine;
    const Case cases[] = {
        {"a mount point that is not there", "disks = [\"/media/usb\"]",
         "disks: /media/usb: No such"},
        {"a relative mount point", "disks = [\"data\"]", "\"data\" must begin with /"},
    };
    for (const auto& one : cases) {
        CAPTURE(one.name);
        const auto made = configured::make(machine.configuration(one.more), clock);
        REQUIRE_FALSE(made);
        CHECK(made.error().fault == base::Fault::misconfigured);
        CHECK(made.error().detail.find(one.part) != std::string::npos);
    }
}

TEST_CASE("this very machine can be measured") {
    const support::ManualClock clock;
    const auto driver =
        configured::must_make("[[sensor]]\nname = \"host\"\ndriver = \"host\"\n", clock);
    driver->trigger(clock.instant());
    const auto harvest = driver->collect(clock.instant(), 100);
    CHECK(harvest.measurements.size() + harvest.failures.size() == driver->quantities().size());
    CHECK(by_name(*driver, harvest).contains("load_1m"));
}
