// Goal: `leat-agent probe` reports what is wired wrongly on a whole node, and that the rest is
// well. Method: the real program, with the virtual chip preloaded into it, on a root folder of its
// own. Reproduce: ctest -R agent_pins_test.
#include <doctest/doctest.h>

#include <filesystem>

#include "agent/program/wired_node.hpp"
#include "places.hpp"
#include "support/process.hpp"
#include "support/servers.hpp"
#include "support/temporary_folder.hpp"

namespace {

struct Node {
    Node() { std::filesystem::create_directory(root.path() / "dev"); }

    void plug_in(const std::string& script) const {
        root.write("dev/gpiochip0", "");
        root.write("dev/script", script);
    }

    std::string configure(const std::string& more = {}) const {
        return root.write("agent.toml",
                          "[node]\nname = \"pi\"\n[broker]\naddress = \"" + broker +
                              "\"\n[outbox]\npath = \"" + root.file("outbox.db") + "\"\n" +
                              agent_test::three_sensors(root.file("dev"), "dht11") + more);
    }

    /// Returns the exit code; the output is in `said`.
    std::optional<int> probe(std::vector<std::string> arguments = {}) {
        std::vector<std::string> argv{places::program("leat-agent"), "probe", "--root",
                                      root.path().string()};
        argv.insert(argv.end(), arguments.begin(), arguments.end());
        auto agent =
            support::Process::start({.argv = argv,
                                     .environment = agent_test::virtual_chip(root.file("dev")),
                                     .log_file = root.file("log"),
                                     .folder = {}});
        const auto exit = agent.wait(std::chrono::seconds{60});
        said = agent.log();
        std::filesystem::remove(root.file("log"));
        return exit;
    }

    bool says(const std::string& text) const { return said.find(text) != std::string::npos; }

    support::TemporaryFolder root;
    support::Mosquitto mosquitto;
    std::string broker = mosquitto.url();
    std::string said;
};

}  // namespace

TEST_CASE("a node that is wired well is reported with its values") {
    Node node;
    node.plug_in("dht 4 45 0 23 4\nsonar 23 24 5828\nlevel 17 1\nbusy 27 w1@27\n");
    CHECK(node.probe({"--config", node.configure()}) == 0);
    CAPTURE(node.said);
    CHECK(node.says("gpiochip0  pinctrl-bcm2711, 28 lines"));
    CHECK(node.says("used by w1@27"));
    CHECK(node.says("ok       climate (dht on GPIO4): temperature 23.4 Cel, humidity 45 %RH"));
    CHECK(node.says("ok       sonar (ultrasonic on trigger GPIO23, echo GPIO24): distance 1"));
    CHECK(node.says("ok       door (pir on GPIO17): motion 1"));
    CHECK(node.says("0 problems"));
}

TEST_CASE("each wrong wire is a problem with what to do, and the exit code is 1") {
    Node node;
    node.plug_in(
        "dht 4 45 0 23 4\nfault 4 stuck_low\nsonar 23 24 5828\nfault 24 absent\nbusy 17 "
        "dht11@17\n");
    CHECK(node.probe({"--config", node.configure()}) == 1);
    CAPTURE(node.said);
    CHECK(node.says("problem  climate (dht on GPIO4): line stuck low"));
    CHECK(node.says("no pull-up, or DATA and GND swapped"));
    CHECK(node.says("ECHO never rises: TRIG and ECHO swapped"));
    CHECK(node.says("GPIO17 is in use by \"dht11@17\": remove dtoverlay=dht11"));
    CHECK(node.says("3 problems"));
}

TEST_CASE("a sensor of a running agent is a note, but not if somebody else has one of its lines") {
    Node node;
    const std::string others = "dht 4 45 0 23 4\nlevel 17 1\n";
    node.plug_in(others + "busy 23 leat:sonar:trigger\nbusy 24 leat:sonar:echo\n");
    CHECK(node.probe({"--config", node.configure()}) == 0);
    CHECK(node.says("a running leat-agent reads it"));
    node.plug_in(others + "busy 23 w1@17\nbusy 24 leat:sonar:echo\n");
    CHECK(node.probe({"--config", node.configure()}) == 1);
    CAPTURE(node.said);
    CHECK(node.says("GPIO23 is in use by \"w1@17\""));
    CHECK_FALSE(node.says("a running leat-agent reads it"));
}

TEST_CASE("without hardware it says so, and only what is configured is a problem") {
    Node node;
    CHECK(node.probe() == 0);
    CHECK(node.says("this machine has no GPIO chip"));
    CHECK(node.probe({"--config", node.configure()}) == 1);
    CHECK(node.says("climate (dht on GPIO4): "));
    CHECK(node.says("no GPIO chip in "));
}

TEST_CASE("the broker and the outbox are tried, and what is not tried is said") {
    Node node;
    node.plug_in("dht 4 45 0 23 4\nsonar 23 24 5828\nlevel 17 1\n");
    CHECK(node.probe({"--config", node.configure()}) == 0);
    CHECK(node.says("ok       broker " + node.broker + ": connected"));
    CHECK(node.says("ok       outbox " + node.root.file("outbox.db") + ": can be used"));
    CHECK(node.says("Not tried here: whether the broker lets the node publish and hear"));
    node.broker = "tcp://127.0.0.1:1";
    std::filesystem::create_directory(node.root.file("outbox.db"));
    CHECK(node.probe({"--config", node.configure()}) == 1);
    CAPTURE(node.said);
    CHECK(node.says("problem  broker tcp://127.0.0.1:1: 127.0.0.1:1 refused the connection"));
    CHECK(node.says("problem  outbox " + node.root.file("outbox.db") + ": "));
    CHECK(node.says("2 problems"));
}

TEST_CASE("no permission names the group that is missing") {
    Node node;
    node.plug_in("denied\n");
    CHECK(node.probe({"--config", node.configure()}) == 1);
    CHECK(node.says("no permission for "));
    CHECK(node.says("it belongs to the group dialout: usermod -aG dialout USER"));
}

TEST_CASE("a configuration with errors is 78, each error is a line, and the machine is reported") {
    Node node;
    node.plug_in("level 17 1\n");
    const auto config = node.configure("[[sensor]]\nname = \"door\"\ndriver = \"pri\"\n");
    CHECK(node.probe({"--config", config}) == 78);
    CHECK(node.says("problem  configuration: " + config));
    CHECK(node.says("sensor.name = \"door\" is used twice"));
    CHECK(node.says("did you mean \"pir\"?"));
    CHECK(node.says("pinctrl-bcm2711, 28 lines"));
    CHECK(node.probe({"--config", "/nowhere.toml"}) == 78);
}

TEST_CASE("--json is one object with the same findings") {
    Node node;
    node.plug_in("dht 4 45 0 23 4\nsonar 23 24 5828\nlevel 17 1\n");
    CHECK(node.probe({"--json", "--config", node.configure()}) == 0);
    CHECK(node.said.starts_with("{\"program\":\"leat-agent\""));
    CHECK(node.said.ends_with("\"problems\":0}\n"));
    CHECK(node.says("\"verdict\":\"ok\",\"subject\":\"climate (dht on GPIO4)\""));
}
