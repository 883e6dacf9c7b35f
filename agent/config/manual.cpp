#include "agent/config/manual.hpp"

#include "agent/config/sample_config.hpp"
#include "drivers/core/registry.hpp"
#include "program/shell.hpp"

namespace agent {

namespace {

program::ManualSection drivers_section() {
    program::ManualSection section{.title = "DRIVERS",
                                   .text = "What \"driver\" in a [[sensor]] table may be:"};
    for (const auto& kind : drivers::driver_kinds()) {
        section.items.emplace_back(kind.name, kind.sentence);
    }
    return section;
}

}  // namespace

std::vector<program::ManualSection> manual() {
    return {{.title = "DESCRIPTION",
             .text = "The program of a node: it reads sensors at their periods, commits every "
                     "reading to an "
                     "outbox on disk before anybody hears of it, and sends it until the centre's "
                     "database has it. Data goes to standard output, everything else to standard "
                     "error."},
            drivers_section(),
            program::configuration_section(sample_config()),
            {.title = "SIGNALS",
             .text = {},
             .items = {{"SIGTERM, SIGINT",
                        "Stop within 5 s: every reading is committed, and the status says "
                        "disconnected"},
                       {"SIGHUP", "Read log.level again"}}}};
}

}  // namespace agent
