#pragma once

#include <doctest/doctest.h>

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/json.hpp"
#include "central/database/place.hpp"
#include "central/engine/engine.hpp"
#include "central/shell/filled_database.hpp"
#include "central/shell/look_verbs.hpp"
#include "central/shell/table/render.hpp"
#include "central/sinks/database_query.hpp"
#include "support/manual_clock.hpp"
#include "support/temporary_folder.hpp"

namespace shell_test {

/// A filled file, a clock, and the verbs as they are written on a command line.
struct World {
    World() { fill(database); }

    shell::Answer ask(std::vector<std::string> words) {
        words.insert(words.begin(), "leat-central");
        std::vector<const char*> argv;
        for (const auto& word : words) argv.push_back(word.c_str());
        shell::Answer answer = base::Error{base::Fault::malformed, "nothing was asked"};
        auto parsed =
            program::parse_command_line(spec(), static_cast<int>(argv.size()), argv.data());
        REQUIRE_FALSE(parsed.exit_code);
        command = std::move(parsed.command);
        zone = drivers::tables::TimeZone::find(command.option("zone")).value();
        const std::map<std::string, shell::Answer (*)(const shell::Question&)> asks{
            {"nodes", shell::list_nodes},       {"series", shell::list_series},
            {"latest", shell::list_latest},     {"windows", shell::list_windows},
            {"readings", shell::list_readings}, {"trace", shell::trace}};
        return asks.at(command.verb)({.facts = facts(), .zone = zone, .command = command});
    }
    std::string text(std::vector<std::string> words) {
        const auto answer = ask(std::move(words));
        REQUIRE_MESSAGE(answer, answer.error().detail);
        return shell::to_text(answer.value(), zone, {});
    }
    base::Json json(std::vector<std::string> words) {
        const auto answer = ask(std::move(words));
        REQUIRE_MESSAGE(answer, answer.error().detail);
        auto parsed = base::parse_json(shell::to_json(answer.value()), {.bytes_max = 1'000'000});
        REQUIRE(parsed);
        return std::move(parsed).value();
    }
    std::string refusal(std::vector<std::string> words) {
        const auto answer = ask(std::move(words));
        REQUIRE_FALSE(answer);
        CHECK(answer.error().fault == base::Fault::misused);
        return answer.error().detail;
    }
    api::Facts facts() {
        return {.query = *query,
                .presences = nobody,
                .now = clock.event_time(),
                .watermark_bound = engine::kWatermarkBound};
    }
    program::CommandSpec spec() const {
        const auto none = [](const std::string&) -> base::Result<shell::Source> {
            return shell::Source{};
        };
        return {
            .program = "leat-central",
            .version = "1",
            .about = "A test.",
            .verbs = shell::look_verbs({.name = "config", .help = "", .fallback = ""}, none, clock),
            .examples = {}};
    }

    support::TemporaryFolder folder;
    std::string path = folder.file("leat.db");
    Database database{path};
    std::unique_ptr<sinks::DatabaseQuery> query =
        sinks::DatabaseQuery::open(central_test::place(path)).value();
    support::ManualClock clock{kNoon + 70min};
    views::NodePresences nobody;
    drivers::tables::TimeZone zone;
    program::Command command;
};

}  // namespace shell_test
