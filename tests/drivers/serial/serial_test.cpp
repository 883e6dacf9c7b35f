// Goal: readings come through a port as the board sent them, whatever happens to the wire, and what
// is missing is reported. Method: the driver as the agent makes it, on a pseudo-terminal whose
// other end plays the board; only the clock is set by hand.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "drivers/core/configured_driver.hpp"
#include "drivers/serial/port_names.hpp"
#include "drivers/serial/rig.hpp"

using serial_test::Rig;
using std::chrono::seconds;
using Texts = std::vector<std::string>;

TEST_CASE("JSON lines and pairs become readings, in order") {
    Rig rig;
    rig.say("{\"n\":0,\"temperature\":23.4,\"humidity\":45}\r\n");
    rig.say("n=1 temperature=23.5 distance_cm=120\n");
    CHECK(rig.take_readings() ==
          Texts{"temperature=23.4", "humidity=45", "temperature=23.5", "distance=1.2"});
    CHECK(rig.take_failures().empty());
    REQUIRE(rig.driver->quantities().size() == 3);
    CHECK(rig.driver->quantities()[2].unit == "m");
}

TEST_CASE("a line may come in any two pieces") {
    const std::string line = "{\"temperature\":23.4,\"humidity\":45}\n";
    Rig rig;
    rig.say("{}\n");
    for (std::size_t split = 0; split <= line.size(); ++split) {
        CAPTURE(split);
        if (split > 0) rig.say(line.substr(0, split));
        if (split < line.size()) rig.say(line.substr(split));
        CHECK(rig.take_readings() == Texts{"temperature=23.4", "humidity=45"});
    }
    CHECK(rig.take_failures().empty());
}

TEST_CASE("garbage costs the lines that it is in, and each of them is a failed reading") {
    Rig rig;
    rig.say("{}\n");
    rig.say(std::string("temperature=2\0\0003.4\ntemperature=21\n", 34));
    rig.say("Found 3 devices\n{\"temperature\":1x}\ntemperature=22\n");
    rig.say(std::string(5000, 'x') + "\ntemperature=23\n");
    CHECK(rig.take_readings() == Texts{"temperature=21", "temperature=22", "temperature=23"});
    CHECK(rig.take_failures() ==
          Texts{"not whole: \"3.4\"",
                "not understood: \"Found 3 devices\": \"Found 3 devices\" is no reading; print "
                "\"label: number\", or name the beginning of the line in ignore",
                "not understood: \"{\"temperature\":1x}\": not JSON at byte 17", "line too long"});
    CHECK(rig.take_told() == Texts{"noise"});
    CHECK(rig.lost == 4);
    rig.wait(seconds{61});
    CHECK(rig.take_failures() == Texts{"silent: no line for 60 s"});
    CHECK(rig.take_told() == Texts{"noise (14 more)"});
}

TEST_CASE("words without a number cost no reading, but a board that only talks is silent") {
    Rig rig("ignore = [\"Requesting temperatures...DONE\", \"Chip\"]\n");
    rig.say("temperature=21\nHello\ntemperature=22\nRequesting temperatures...DONE\n");
    rig.say("Chip = 12 x 5\n------\n");
    CHECK(rig.take_readings() == Texts{"temperature=22"});
    CHECK(rig.take_failures().empty());
    CHECK(rig.take_told() == Texts{"no reading in the line: \"Hello\""});
    rig.clock.advance(seconds{40});
    rig.say("waiting for a sensor\n");
    rig.wait(seconds{20});
    CHECK(rig.take_failures() ==
          Texts{"silent: no reading for 60 s, only words: \"waiting for a sensor\""});
}

TEST_CASE("one word in place of a number costs its own series only") {
    Rig rig;
    rig.say("{\"temperature\":21,\"humidity\":45}\n{\"temperature\":nan,\"humidity\":46}\n");
    CHECK(rig.take_readings() == Texts{"temperature=21", "humidity=45", "humidity=46"});
    CHECK(rig.take_failures() == Texts{"temperature: no number: \"nan\""});
    CHECK(rig.lost == 1);
    CHECK(rig.last_quantities == std::vector<std::size_t>{0});
}

TEST_CASE("a port opened in the middle of a line drops that half, which is not a fault") {
    Rig rig;
    rig.say("temperature=7\ntemperature=8\n");
    CHECK(rig.take_readings() == Texts{"temperature=8"});
    CHECK(rig.take_failures().empty());
}

TEST_CASE("missing lines are counted, a restart of the board is none of them") {
    Rig rig;
    rig.say("{\"boot\":\"leat_node 1\",\"n\":0}\n{\"n\":1,\"motion\":1}\n");
    CHECK(rig.take_failures().empty());
    rig.say("{\"n\":5,\"motion\":0}\n{\"n\":8,\"motion\":1}\n");
    CHECK(rig.take_failures() ==
          Texts{"3 lines missing (3 since the start)", "2 lines missing (5 since the start)"});
    CHECK(rig.lost == 5);
    rig.say("{\"boot\":\"leat_node 1\",\"n\":0}\n{\"n\":1,\"motion\":1}\n");
    rig.say("{\"n\":0,\"motion\":1}\n");
    CHECK(rig.take_failures().empty());
    CHECK(rig.take_told() == Texts{"board restarted (1 since the start): leat_node 1",
                                   "board restarted (2 since the start): its numbers begin anew"});
    CHECK(rig.take_readings().size() == 5);
}

TEST_CASE("a line that comes twice counts once") {
    Rig rig;
    rig.say("{\"n\":5,\"motion\":1}\n{\"n\":5,\"motion\":1}\n{\"n\":6,\"motion\":0}\n");
    CHECK(rig.take_readings() == Texts{"motion=1", "motion=0"});
    CHECK(rig.take_told() == Texts{"the same line number twice"});
}

TEST_CASE("a failed reading on the board is one of ours, with the board's reason") {
    Rig rig;
    rig.say("{\"n\":4,\"fault\":\"dht: checksum\"}\n{\"n\":5,\"fault\":\"dht: checksum\"}\n");
    CHECK(rig.take_failures() == Texts{"dht: checksum", "dht: checksum"});
}

TEST_CASE("unknown keys are reported once and then counted, or accepted") {
    Rig rig("ignore = [\"ms\"]\n");
    rig.say("{\"soil\":512,\"ms\":7,\"motion\":1}\n{\"soil\":513,\"ms\":8,\"motion\":\"on\"}\n");
    CHECK(rig.take_readings() == Texts{"motion=1"});
    CHECK(rig.take_failures() == Texts{"motion: no number: \"on\""});
    CHECK(rig.take_told() == Texts{"unknown key \"soil\": name it in [sensor.keys] (\"soil\" = "
                                   "\"soil:UNIT\", or \"soil:/\" without a unit) or "
                                   "in ignore"});
    Rig generous("accept = \"any\"\n[sensor.keys]\nt1 = \"roof:degF\"\n");
    generous.say("{\"soil\":512,\"t1\":50}\n");
    CHECK(generous.take_readings() == Texts{"soil=512", "roof=10"});
    CHECK(generous.take_failures().empty());
}

TEST_CASE("an ignored key costs itself only, wherever it stands and whatever is behind it") {
    struct Case {
        std::string ignored;
        std::string line;
        Texts readings;
    };
    const Case cases[] = {
        {"id", "id: 3, temperature: 21", {"temperature=21"}},
        {"id", "id=3 temperature=21", {"temperature=21"}},
        {"id", "temperature: 21, id: 3, humidity: 40", {"temperature=21", "humidity=40"}},
        {"id", "{\"id\":3,\"temperature\":21}", {"temperature=21"}},
        {"ms", "ms: 1,234, temperature: 21", {"temperature=21"}},
        {"ms", "temperature: 21, ms: 12 ticks, humidity: 40", {"temperature=21", "humidity=40"}},
        {"mode", "mode: heating up, temperature: 21", {"temperature=21"}},
        {"Weight", "Temp: 21 C, Weight: 3 stones", {"temp=21"}},
        {"Data", "Data = 1 50 1 4B 46  CRC=1C", {}},
        {"Kitchen", "Kitchen: Temperature: 21, Humidity: 40", {}},
        {"Found", "Found: 3 devices", {}},
    };
    for (const auto& row : cases) {
        CAPTURE(row.line);
        Rig rig("ignore = [\"" + row.ignored + "\"]\n");
        rig.say("{}\n" + row.line + "\n");
        CHECK(rig.take_readings() == row.readings);
        CHECK(rig.take_failures().empty());
        CHECK(rig.take_told().empty());
    }
    Rig rig("ignore = [\"ms\"]\n");
    rig.say("{}\nms: 5, temperature: 21 furlongs\nms: 5 fault=dht: checksum\n");
    CHECK(rig.take_failures().size() == 2);
}

TEST_CASE("a board that is unplugged and plugged in again goes on, and its half line is lost") {
    Rig rig;
    rig.say("{\"n\":0,\"temperature\":20}\n{\"n\":1,\"temperature\":2");
    rig.board.unplug();
    rig.collect();
    CHECK(rig.take_readings() == Texts{"temperature=20"});
    CHECK(rig.take_failures() == Texts{"unplugged: " + rig.board.path()});
    rig.wait(seconds{6});
    const auto absent = rig.take_failures();
    REQUIRE(absent.size() == 1);
    CHECK(absent[0].starts_with("no " + rig.board.path() + ": no board is plugged in"));
    rig.wait(seconds{60});
    CHECK(rig.take_failures() == absent);
    rig.board.plug();
    rig.board.say("5}\n{\"boot\":\"leat_node 1\",\"n\":0}\n{\"n\":1,\"temperature\":21}\n");
    rig.wait(seconds{6});
    CHECK(rig.take_readings() == Texts{"temperature=21"});
    CHECK(rig.take_failures().empty());
}

TEST_CASE("however often the board is replugged, every line that it sent to an open port counts") {
    Rig rig;
    for (int i = 0; i < 20; ++i) {
        CAPTURE(i);
        rig.say("{\"temperature\":" + std::to_string(i) + "}\n");
        CHECK(rig.take_readings() == Texts{"temperature=" + std::to_string(i)});
        rig.board.unplug();
        rig.collect();
        rig.board.plug();
        rig.wait(seconds{6});
        CHECK(rig.take_failures() == Texts{"unplugged: " + rig.board.path()});
    }
}

TEST_CASE("a port that is absent at the start is opened when it comes") {
    Rig rig("", false);
    CHECK(rig.take_failures().size() == 1);
    CHECK(rig.driver->quantities().empty());
    rig.board.plug();
    rig.wait(seconds{6});
    rig.say("{\"temperature\":20}\n");
    CHECK(rig.take_readings() == Texts{"temperature=20"});
}

TEST_CASE("an absent port is reported with those that exist") {
    Rig rig("", false);
    const support::TemporaryFolder devices;
    CHECK(drivers::serial::port_names(devices.path().string()).empty());
    devices.write("ttyS0", "");
    const auto usb = devices.write("ttyUSB0", "");
    CHECK(drivers::serial::port_names(devices.path().string()) == Texts{usb});
    std::filesystem::create_directories(devices.path() / "serial" / "by-id");
    const auto named = devices.write("serial/by-id/usb-Arduino", "");
    CHECK(drivers::serial::port_names(devices.path().string()) == Texts{named});
    const auto driver = configured::must_make(
        "[[sensor]]\nname = \"uno\"\ndriver = \"serial\"\nport = \"" + devices.file("ttyACM0") +
            "\"\ndevices = \"" + devices.path().string() + "\"\n",
        rig.clock);
    const auto failures = driver->collect(rig.clock.instant(), 1).failures;
    REQUIRE(failures.size() == 1);
    CHECK(failures[0].reason == "no " + devices.file("ttyACM0") + "; there are: " + named);
}

TEST_CASE("a port that another program uses is reported, and opened when it is free") {
    Rig rig("", false);
    rig.take_failures();
    rig.board.plug();
    const int other = open(rig.board.path().c_str(), O_RDONLY | O_NOCTTY | O_CLOEXEC);
    REQUIRE(flock(other, LOCK_EX) == 0);
    rig.wait(seconds{6});
    const auto failures = rig.take_failures();
    REQUIRE(failures.size() == 1);
    CHECK(failures[0].starts_with(rig.board.path() + " is in use by another program"));
    close(other);
    rig.wait(seconds{6});
    rig.say("{\"temperature\":20}\n");
    CHECK(rig.take_readings() == Texts{"temperature=20"});
}

TEST_CASE("a file is not a serial port, which stops the agent") {
    const support::TemporaryFolder folder;
    const support::ManualClock clock;
    for (const auto& path : {folder.write("file", ""), folder.path().string()}) {
        const auto made = configured::make(
            "[[sensor]]\nname = \"uno\"\ndriver = \"serial\"\nport = \"" + path + "\"\n", clock);
        REQUIRE_FALSE(made);
        CHECK(made.error().fault == base::Fault::misconfigured);
        CHECK(made.error().detail.starts_with(path + " is "));
    }
}

TEST_CASE("silence is reported again and again, or never if that is not wanted") {
    Rig rig("silence = \"10s\"\n");
    rig.wait(seconds{9});
    CHECK(rig.take_failures().empty());
    rig.wait(seconds{1});
    rig.wait(seconds{10});
    CHECK(rig.take_failures() == Texts{"silent: no line for 10 s", "silent: no line for 10 s"});
    rig.say("{}\n");
    rig.wait(seconds{9});
    CHECK(rig.take_failures().empty());
    Rig patient("silence = \"0s\"\n");
    patient.wait(std::chrono::hours{1});
    CHECK(patient.take_failures().empty());
}

TEST_CASE("what is not collected waits in the line, and none of it is lost") {
    Rig rig;
    rig.say("{\"n\":0,\"motion\":0}\n");
    std::string all;
    for (int i = 1; i <= 150; ++i) all += "{\"n\":" + std::to_string(i) + ",\"motion\":1}\n";
    rig.board.say(all);
    std::size_t taken = 0;
    for (int i = 0; i < 75; ++i) {
        const auto harvest = rig.driver->collect(rig.clock.instant(), 2);
        CHECK(harvest.measurements.size() == 2);
        CHECK(harvest.failures.empty());
        if (i == 0) CHECK(rig.board.waiting() > 1000);
        taken += harvest.measurements.size();
    }
    CHECK(taken == 150);
}
