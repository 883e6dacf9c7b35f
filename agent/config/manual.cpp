#include "agent/config/manual.hpp"

#include "agent/config/sample_config.hpp"
#include "drivers/core/registry.hpp"

namespace agent {

namespace {

base::ManualSection drivers_section() {
    base::ManualSection section{.title = "DRIVERS",
                                .text = "What \"driver\" in a [[sensor]] table may be:"};
    for (const auto& kind : drivers::driver_kinds()) {
        section.items.emplace_back(kind.name, kind.sentence);
    }
    return section;
}

}  // namespace

std::vector<base::ManualSection> manual() {
    return {
        {.title = "DESCRIPTION",
         .text = "A node's program: it reads sensors on their periods, commits every reading to an "
                 "outbox on disk before anybody hears of it, and sends it until the centre's "
                 "database has it. Data goes to standard output, everything else to standard "
                 "error."},
        drivers_section(),
        {.title = "CONFIGURATION",
         .text = "A TOML file. Texts may hold ${VAR}, ${VAR:-default} and ${VAR:?message}; every "
                 "error is told with its file and line. What sample-config prints, with every key "
                 "and its default:",
         .items = {},
         .sample = sample_config()},
        {.title = "SIGNALS",
         .text = {},
         .items = {{"SIGTERM, SIGINT",
                    "Stop within 5 s: what was read is committed, and the status says "
                    "disconnected"},
                   {"SIGHUP", "Read log.level again"}}}};
}

}  // namespace agent
