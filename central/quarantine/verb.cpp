#include "central/quarantine/verb.hpp"

#include <fmt/format.h>

#include <sstream>

#include "base/log.hpp"
#include "base/text.hpp"
#include "central/engine/outcome.hpp"
#include "central/quarantine/listing.hpp"
#include "central/quarantine/replay.hpp"
#include "central/shell/table/verb_output.hpp"
#include "central/sinks/access/path_check.hpp"
#include "central/sinks/database_query.hpp"
#include "central/sinks/opening.hpp"
#include "program/print.hpp"
#include "program/shell.hpp"

namespace quarantine {

namespace {

using base::Done;
using base::Error;
using base::Fault;
using base::Status;
using program::Command;
using sinks::QuarantineSelection;

Error wrong(std::string what) {
    return {Fault::misused, std::move(what)};
}

const char* records(std::uint64_t number) {
    return number == 1 ? "record" : "records";
}

template <class Number>
std::optional<Number> parse(const std::string& word) {
    const auto number = base::parse_number<Number>(word);
    return number.value_or(0) > 0 ? number : std::nullopt;
}

base::Result<QuarantineSelection> selection_of(const Command& command) {
    QuarantineSelection which{
        .ids = {}, .node = command.option("node"), .reason = command.option("reason")};
    std::istringstream words{command.option("number")};
    for (std::string word; words >> word;) {
        const auto id = parse<std::int64_t>(word);
        if (!id) {
            return wrong(
                fmt::format("\"{}\" is no record's number; `leat-central quarantine list` "
                            "shows them",
                            word));
        }
        which.ids.push_back(*id);
    }
    return which;
}

/// A person waits for it.
sinks::SinkOptions patient(sinks::SinkOptions options) {
    options.is_patient = true;
    return options;
}

base::Result<std::uint64_t> count(const Options& options, const QuarantineSelection& which) {
    const auto query = sinks::DatabaseQuery::open(options.sink.path);
    if (!query) return query.error();
    return query.value()->count_quarantined(which);
}

/// Only of a database in use is it the cure to stop central.
Error with_cure(Error error) {
    if (error.detail.ends_with(": another central uses this database")) {
        error.detail += ". Stop it, and start it again afterwards";
    }
    return error;
}

Status list(const Options& options, const QuarantineSelection& which, const Command& command) {
    const auto lines_max = parse<std::size_t>(command.option("limit"));
    if (!lines_max) return wrong("--limit needs a number: --limit 50");
    const auto output = shell::output_of(command);
    if (!output) return output.error();
    const auto query = sinks::DatabaseQuery::open(options.sink.path);
    if (!query) return query.error();
    const auto lines = query.value()->quarantined(which, *lines_max);
    if (!lines) return lines.error();
    const auto all = query.value()->count_quarantined(which);
    if (!all) return all.error();
    auto table = table_of(lines.value());
    table.remark =
        fmt::format("{} of {} {}", lines.value().size(), all.value(), records(all.value()));
    table.when_empty = table.remark;
    shell::print(table, output.value());
    return Done{};
}

Status show(const Options& options, const QuarantineSelection& which, const Command& command) {
    if (which.ids.empty()) return wrong("which one? Write: leat-central quarantine show 12");
    const auto query = sinks::DatabaseQuery::open(options.sink.path);
    if (!query) return query.error();
    const auto lines = query.value()->quarantined(which, which.ids.size());
    if (!lines) return lines.error();
    for (const auto& line : lines.value()) {
        program::print_text(command.flag("json") ? json_of(line) : details_of(line));
    }
    if (lines.value().size() == which.ids.size()) return Done{};
    return wrong("there is no such record in quarantine; it may have been replayed or dropped");
}

Status replay(const Options& options, const QuarantineSelection& which,
              const Command& /*command*/) {
    const auto before = count(options, which);
    if (!before) return before.error();
    const auto sink = sinks::open_sink(patient(options.sink));
    if (!sink) return with_cure(sink.error());
    const auto done = quarantine::replay(*sink.value(), options.engine, which);
    if (!done) return done.error();
    const auto after = count(options, which);
    if (!after) return after.error();
    program::print("{} {} looked at: {} readings of {} {} count now, {} {} stay\n", before.value(),
                   records(before.value()), done.value().readings, done.value().taken,
                   records(done.value().taken), after.value(), records(after.value()));
    return Done{};
}

bool is_all(const QuarantineSelection& which) {
    return which.ids.empty() && which.node.empty() && which.reason.empty();
}

Status drop(const Options& options, const QuarantineSelection& which, const Agree& agree) {
    const auto meant = count(options, which);
    if (!meant) return meant.error();
    const auto sink = sinks::open_sink(patient(options.sink));
    if (!sink) return with_cure(sink.error());
    const auto question =
        fmt::format("Remove {}{} {} from the quarantine? What did not count of {} never will.",
                    is_all(which) ? "all " : "", meant.value(), records(meant.value()),
                    meant.value() == 1 ? "it" : "them");
    if (meant.value() > 0 && !agree(question)) {
        program::print("nothing is removed\n");
        return Done{};
    }
    const auto dropped = sink.value()->drop_quarantined(which);
    if (!dropped) return dropped.error();
    program::print("{} {} removed\n", dropped.value(), records(dropped.value()));
    return Done{};
}

Status carry_out(const Command& command, const Options& options, const Agree& agree) {
    const auto which = selection_of(command);
    if (!which) return which.error();
    if (auto there = sinks::expect_database(options.sink.path); !there) return there;
    const auto& action = command.option("action");
    if (action == "list") return list(options, which.value(), command);
    if (action == "show") return show(options, which.value(), command);
    if (action == "replay") return replay(options, which.value(), command);
    const bool is_agreed = command.flag("yes");
    // A script whose variable is empty must not remove all.
    if (is_agreed && is_all(which.value())) {
        return wrong(
            "which ones? With --yes write numbers, --node or --reason; without it all are asked "
            "about");
    }
    return drop(options, which.value(),
                [&](const auto& question) { return is_agreed || agree(question); });
}

std::vector<std::string> reasons() {
    std::vector<std::string> words;
    for (std::size_t i = 0; i < engine::kRefusalKinds; ++i) {
        words.emplace_back(engine::to_text(static_cast<engine::RefusalKind>(i)));
    }
    return words;
}

}  // namespace

program::CommandVerb quarantine_verb(const program::CommandOption& config, Load load, Agree agree) {
    const auto action = [load = std::move(load), agree = std::move(agree)](const Command& command) {
        const auto options = load(command.option("config"));
        if (!options) return program::print_error(options.error());
        base::set_log_level(base::LogLevel::error);
        const auto done = carry_out(command, options.value(), agree);
        return done ? program::kExitOk : program::print_error(done.error());
    };
    std::vector<program::CommandOption> options{
        {.name = "action",
         .help = "What to do",
         .fallback = {},
         .is_positional = true,
         .words = {"list", "show", "replay", "drop"}},
        {.name = "number",
         .help = "Only these records, by the number that list shows",
         .fallback = {},
         .is_positional = true,
         .is_list = true},
        config,
        {.name = "node", .help = "Only those of this node", .fallback = {}},
        {.name = "reason",
         .help = "Only those with this reason",
         .fallback = {},
         .words = reasons()},
        {.name = "limit", .help = "How many to list, at most", .fallback = "50"},
        {.name = "yes", .help = "Do not ask", .fallback = {}, .is_flag = true}};
    for (auto& option : shell::output_options()) options.push_back(std::move(option));
    return {.name = "quarantine",
            .help = "Look at records that could not be used; count or remove them",
            .options = std::move(options),
            .action = action};
}

}  // namespace quarantine
