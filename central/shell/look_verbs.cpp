#include "central/shell/look_verbs.hpp"

#include <utility>

#include "central/shell/export_verb.hpp"
#include "central/shell/table/verb_output.hpp"

namespace shell {

namespace {

using program::CommandOption;
using program::CommandVerb;

CommandOption words(std::string name, std::string help) {
    return {.name = std::move(name),
            .help = std::move(help),
            .fallback = {},
            .is_positional = true,
            .is_list = true};
}

CommandOption text(std::string name, std::string help, std::string fallback = {}) {
    return {.name = std::move(name), .help = std::move(help), .fallback = std::move(fallback)};
}

CommandOption one_series() {
    return {.name = "series",
            .help = "attic/climate.temperature",
            .fallback = {},
            .is_positional = true};
}

struct Look {
    std::string name;
    std::string help;
    std::vector<CommandOption> options;
    Answer (*ask)(const Question& question);
};

std::vector<Look> looks() {
    const auto times = "-6h, today, 2026-11-20, \"2026-11-20 08:31\", RFC 3339, or now";
    return {{"nodes",
             "List the nodes: what they sent last, what is lost, what they need",
             {},
             list_nodes},
            {"series",
             "List the series: what is measured, how often, since when, and where",
             {words("node", "Only those of these nodes, or only these series")},
             list_series},
            {"latest",
             "Show the newest value of each series, and how old it is",
             {words("what", "Only of these: attic, or attic/climate.temperature")},
             list_latest},
            {"windows",
             "Show the windows of a series: what is in them, and what is missing and why",
             {one_series(), text("span", "How long they are: 1m, 15m, 1h, 1d; else what fits"),
              text("from", std::string{"From when on: "} + times, "-24h"),
              text("to", "Until when", "now"), text("limit", "At most so many, the newest")},
             list_windows},
            {"readings",
             "Show the single readings of a series, and the record in which each came",
             {one_series(), text("from", std::string{"From when on: "} + times, "-1h"),
              text("to", "Until when", "now"), text("limit", "At most so many, the first", "1000")},
             list_readings},
            {"trace",
             "Show all that is known of one reading: its record, windows, place and findings",
             {one_series(),
              {.name = "time",
               .help = "When it was read; the nearest reading within an hour is meant",
               .fallback = {},
               .is_positional = true}},
             trace}};
}

}  // namespace

std::vector<CommandVerb> look_verbs(const CommandOption& config, const Load& load,
                                    const base::Clock& clock) {
    std::vector<CommandVerb> verbs;
    for (auto& each : looks()) {
        auto options = std::move(each.options);
        options.push_back(config);
        for (auto& option : output_options()) options.push_back(std::move(option));
        const auto action = [load, &clock, ask = each.ask](const program::Command& command) {
            return look(command, load, clock, ask);
        };
        verbs.push_back({std::move(each.name), std::move(each.help), std::move(options), action});
    }
    verbs.push_back(export_verb(config, load, clock));
    return verbs;
}

}  // namespace shell
