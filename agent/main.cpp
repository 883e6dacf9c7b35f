#include <fmt/format.h>

#include "agent/config/config.hpp"
#include "agent/config/manual.hpp"
#include "agent/config/sample_config.hpp"
#include "agent/probe/decode_verb.hpp"
#include "agent/probe/probe.hpp"
#include "agent/probe/test_verb.hpp"
#include "agent/run_verb.hpp"
#include "program/shell.hpp"

namespace {

using agent::Config;
using program::Command;
using program::CommandVerb;

base::Result<Config> load(const std::string& file) {
    return agent::load_config(file, LEAT_VERSION);
}

std::string summary(const Config& config) {
    const auto count = config.sensors.size();
    return fmt::format("node {}, {} sensor{}", config.agent.node, count, count == 1 ? "" : "s");
}

CommandVerb run_verb(const program::CommandOption& config) {
    return {"run", "Sample and send until stopped", {config}, [](const Command& command) {
                return agent::run_verb(command.option("config"), LEAT_VERSION);
            }};
}

CommandVerb probe_verb() {
    return {"probe",
            "Look at the pins and ports, try every sensor, and report what is wired wrongly",
            {{.name = "config",
              .help = "The configuration file; /etc/leat/agent.toml if there is one",
              .fallback = ""},
             {.name = "root", .help = "Where dev, sys and proc are", .fallback = "/"},
             {.name = "json", .help = "For machines", .fallback = "", .is_flag = true}},
            [](const Command& command) {
                return agent::probe({.config = command.option("config"),
                                     .root = command.option("root"),
                                     .version = LEAT_VERSION,
                                     .json = command.flag("json")});
            }};
}

CommandVerb decode_verb() {
    return {"decode",
            "Decode a capture of a sensor's line and print its frames as JSON",
            {{.name = "sensor",
              .help = "dht11, dht22 or hcsr04",
              .fallback = "",
              .is_positional = true,
              .words = {"dht11", "dht22", "hcsr04"}},
             {.name = "edges",
              .help = "CSV of Saleae Logic or sigrok, or time_us,level",
              .fallback = "/dev/stdin"}},
            [](const Command& command) {
                return agent::decode_verb(command.option("sensor"), command.option("edges"));
            }};
}

program::CommandSpec command_spec() {
    const program::ConfiguredVerbs<Config> configured("/etc/leat/agent.toml", load);
    return {.program = "leat-agent",
            .version = LEAT_VERSION,
            .about = "Reads sensors, keeps every reading until the centre has it, and sends it.",
            .verbs = {run_verb(configured.option()), probe_verb(),
                      configured.verb("test", "Read every sensor once and print what it says",
                                      agent::test_verb),
                      configured.validate(summary), decode_verb(),
                      program::sample_config_verb(agent::sample_config())},
            .examples =
                "leat-agent sample-config > agent.toml\n"
                "leat-agent probe --config agent.toml\n"
                "leat-agent test --config agent.toml\n"
                "leat-agent run --config agent.toml",
            .manual = agent::manual(),
            .date = LEAT_DATE};
}

}  // namespace

int main(int argc, char** argv) {
    return program::run(command_spec(), argc, argv);
}
