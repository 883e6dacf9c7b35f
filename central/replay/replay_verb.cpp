#include "central/replay/replay_verb.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "central/engine/readings/reading_block.hpp"
#include "central/replay/difference_table.hpp"
#include "central/shell/subjects.hpp"
#include "program/shell.hpp"

namespace replay {

namespace {

using program::Command;
using shell::Question;

/// Whole hours that hold the time, and that are over.
base::Result<Order> order_of(const Question& question) {
    const auto limit = shell::parse_limit(question.command.option("limit"), 1'000);
    if (!limit) return limit.error();
    const auto from = shell::time_of(question, "from");
    if (!from) return from.error();
    const auto to = shell::time_of(question, "to");
    if (!to) return to.error();
    auto series =
        shell::series_of_all(question.facts, shell::words_of(question.command.option("what")));
    if (!series) return series.error();
    Order order{.series = std::move(series).value(),
                .from = engine::hour_start(from.value()),
                .to = std::chrono::ceil<std::chrono::hours>(to.value()),
                .differences_max = limit.value()};
    std::stable_sort(order.series.begin(), order.series.end(),
                     [](const auto& one, const auto& other) { return one.node < other.node; });
    if (order.from < order.to) return order;
    return base::Error{base::Fault::misused, "--from must be before --to"};
}

int carry_out(const Command& command, const Load& load, const base::Clock& clock) {
    const auto after = load(command.option("config"));
    if (!after) return program::print_error(after.error());
    const auto before = load(command.option("against"));
    if (!before) return program::print_error(before.error());
    const auto work = [&](const Question& question, const shell::Output& output) -> base::Status {
        const auto order = order_of(question);
        if (!order) return order.error();
        const auto replayed = replay(question.facts.query, order.value(), before.value().engine,
                                     after.value().engine);
        if (!replayed) return replayed.error();
        shell::print(table_of(replayed.value(), order.value(), command.flag("diff")), output);
        return base::Done{};
    };
    const auto find = [&](const std::string& /*file*/) {
        return base::Result{before.value().look};
    };
    return shell::with_database(command, find, clock, work);
}

}  // namespace

program::CommandVerb replay_verb(const program::CommandOption& config, const Load& load,
                                 const base::Clock& clock) {
    auto changed = config;
    changed.help = "The changed configuration file";
    std::vector<program::CommandOption> options{
        {.name = "what",
         .help = "Only of these: attic, or attic/climate.temperature",
         .fallback = {},
         .is_positional = true,
         .is_list = true},
        changed,
        {.name = "against", .help = "The file that holds now", .fallback = config.fallback},
        {.name = "from", .help = "From when on: -7d, 2026-11-20, RFC 3339", .fallback = "-7d"},
        {.name = "to", .help = "Until when", .fallback = "now"},
        {.name = "diff", .help = "Show what differs, row by row", .fallback = {}, .is_flag = true},
        {.name = "limit", .help = "Rows shown, at most", .fallback = "1000"}};
    for (auto& option : shell::output_options()) options.push_back(std::move(option));
    return {.name = "replay",
            .help = "Show what a changed configuration would have changed",
            .options = std::move(options),
            .action = [load, &clock](const Command& command) {
                return carry_out(command, load, clock);
            }};
}

}  // namespace replay
