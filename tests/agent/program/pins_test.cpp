// Goal: the real leat-agent reads sensors on pins, exact to the last digit, or reports why it
// cannot. Method: `leat-agent test` as a process of its own, with the virtual chip preloaded into
// it. Reproduce: ctest -R agent_pins_test.
#include <doctest/doctest.h>

#include "agent/program/wired_node.hpp"
#include "places.hpp"
#include "support/process.hpp"
#include "support/servers.hpp"
#include "support/temporary_folder.hpp"

namespace {

struct Outcome {
    std::optional<int> exit;
    std::string said;

    bool says(const std::string& text) const { return said.find(text) != std::string::npos; }
};

Outcome test_sensors(const std::string& script) {
    const support::TemporaryFolder folder;
    const support::Mosquitto mosquitto;
    folder.write("gpiochip0", "");
    folder.write("script", script);
    const auto config = folder.write(
        "agent.toml", "[node]\nname = \"pi\"\n[broker]\naddress = \"" + mosquitto.url() +
                          "\"\n[outbox]\npath = \"" + folder.file("outbox.db") + "\"\n\n" +
                          agent_test::three_sensors(folder.path().string(), "dht22"));
    auto agent = support::Process::start(
        {.argv = {places::program("leat-agent"), "test", "--config", config},
         .environment = agent_test::virtual_chip(folder.path().string()),
         .log_file = folder.file("log"),
         .folder = {}});
    const auto exit = agent.wait(std::chrono::seconds{30});
    return {exit, agent.log()};
}

}  // namespace

TEST_CASE("the agent reads a DHT22, an HC-SR04 and a motion sensor") {
    const auto outcome = test_sensors("dht 4 2 140 128 101\nsonar 23 24 5828\nlevel 17 1\n");
    CAPTURE(outcome.said);
    CHECK(outcome.exit == 0);
    CHECK(outcome.says("-10.1 Cel\n"));
    CHECK(outcome.says("65.2 %RH\n"));
    CHECK(outcome.says("1 m\n"));
    CHECK(outcome.says("door.motion                                 1 /\n"));
}

TEST_CASE("the agent says of each dead sensor why, and reads the others") {
    const auto outcome = test_sensors(
        "dht 4 2 140 128 101\nfault 4 absent\nsonar 23 24 5828\nfault 24 absent\nlevel 17 0\n");
    CAPTURE(outcome.said);
    CHECK(outcome.exit == 1);
    CHECK(outcome.says("no reading: no response"));
    CHECK(outcome.says("no reading: no echo"));
    CHECK(outcome.says("door.motion                                 0 /\n"));
}

TEST_CASE(
    "the agent says whose a line is, with the place in its configuration, and reads the others") {
    const auto outcome = test_sensors("busy 4 dht11@4\nsonar 23 24 5828\nlevel 17 0\n");
    CAPTURE(outcome.said);
    CHECK(outcome.exit == 1);
    CHECK(outcome.says("door.motion                                 0 /\n"));
    CHECK(outcome.says("agent.toml:8: sensor \"climate\": GPIO4 is in use by \"dht11@4\""));
}
