#include "central/jobs/verb/job_verb.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>
#include <utility>

#include "base/log.hpp"
#include "base/text.hpp"
#include "central/jobs/core/lock.hpp"
#include "central/jobs/core/runner.hpp"
#include "central/jobs/verb/job_tables.hpp"
#include "central/jobs/verb/verb_progress.hpp"
#include "central/shell/moment.hpp"
#include "central/shell/table/verb_output.hpp"
#include "central/sinks/access/path_check.hpp"
#include "central/sinks/jobs/job_journal.hpp"
#include "program/exit_code.hpp"
#include "program/print.hpp"
#include "program/shell.hpp"

namespace jobs {

namespace {

using base::Error;
using base::Fault;

constexpr std::size_t kRunsShown = 20;

Error wrong(std::string detail) {
    return {Fault::misused, std::move(detail)};
}

/// One use of the verb.
struct Use {
    const program::Command& command;
    const JobsSource& source;
    sinks::JobJournal& journal;
    const base::Clock& clock;
    shell::Output output;
};

base::Result<const JobSpec*> find_job(const JobsSource& source, const std::string& name) {
    std::vector<std::string> names;
    for (const auto& spec : source.specs) {
        if (spec.name == name) return &spec;
        names.push_back(spec.name);
    }
    if (names.empty()) {
        return Error{Fault::misconfigured,
                     "no job is configured; each is a table like [job.backup]"};
    }
    const auto near = base::nearest_word(name, names);
    return wrong(fmt::format("there is no job \"{}\"{}; there are {}", name,
                             near ? "; did you mean " + *near + "?" : "", fmt::join(names, ", ")));
}

base::Result<Order> order_of(const Use& use) {
    Order order{.is_dry = use.command.flag("dry-run"),
                .is_changed = !use.command.option("set").empty()};
    for (auto [option, time] : {std::pair{"from", &order.from}, {"to", &order.to}}) {
        const auto& text = use.command.option(option);
        if (text.empty()) continue;
        const auto moment = shell::parse_moment(text, use.clock.event_time(), use.output.zone);
        if (!moment) return wrong(fmt::format("--{}: {}", option, moment.error().detail));
        *time = moment.value();
    }
    if (order.from && order.to && *order.from >= *order.to) {
        return wrong("--from must be before --to");
    }
    const auto& limit = use.command.option("limit");
    if (limit.empty()) return order;
    order.limit = base::parse_number<std::uint64_t>(limit);
    if (order.limit.value_or(0) > 0) return order;
    return wrong("--limit " + limit + ": write a number of records, from 1 on");
}

/// The job, with what was said for this run in place of what the file says.
base::Result<std::unique_ptr<Job>> make(const Use& use, const JobSpec& spec) {
    std::vector<std::string> said;
    std::istringstream lines{use.command.option("set")};
    for (std::string line; std::getline(lines, line);) said.push_back(line);
    auto made = Keys::make(spec.keys, said);
    if (!made) return wrong(made.error().detail);
    auto keys = std::move(made).value();
    auto job = make_job(spec.kind, keys, use.source.place);
    // What the file says has been checked.
    if (auto checked = keys.check(); !checked) return wrong(checked.error().detail);
    return job;
}

base::Status check_heeded(const Order& order, const Job& job, const JobSpec& spec) {
    const auto heeds = job.heeds();
    const char* unheeded = nullptr;
    if (order.from && !heeds.from) unheeded = "--from";
    if (order.to && !heeds.to) unheeded = "--to";
    if (order.limit && !heeds.limit) unheeded = "--limit";
    if (unheeded == nullptr) return base::Done{};
    return wrong(fmt::format("{} means nothing to {}, which is a {}; leat-central job explain {}",
                             unheeded, spec.name, spec.kind, spec.name));
}

/// Runs without an end that nobody is at have died.
base::Status close_dead_runs(const Use& use) {
    for (const auto& spec : use.source.specs) {
        const auto hold = use.journal.hold(spec.name);
        if (!hold) continue;
        const auto closed = use.journal.close_interrupted(spec.name, use.clock.event_time());
        if (!closed) return closed.error();
    }
    return base::Done{};
}

void print_outcome(const Run& run, bool is_dry) {
    if (run.status == RunStatus::failed) {
        fmt::print(stderr, "{} failed: {}\n{}\n", run.job, run.error, run.remedy);
        return;
    }
    if (is_dry) {
        program::print("{} would read {} and write {}\n", run.job, run.read, run.wrote);
        return;
    }
    program::print("{}: {} records in {:.1f} s\nread   {}\nwrote  {}\n", run.job, run.records,
                   static_cast<double>((*run.ended - run.started).count()) / 1'000, run.read,
                   run.wrote);
}

base::Result<int> run_job(const Use& use, const JobSpec& spec) {
    const auto order = order_of(use);
    if (!order) return order.error();
    auto job = make(use, spec);
    if (!job) return job.error();
    if (auto heeded = check_heeded(order.value(), *job.value(), spec); !heeded) {
        return heeded.error();
    }
    const Ticket ticket{
        .name = spec.name, .kind = spec.kind, .is_scheduled = use.command.flag("scheduled")};
    const auto run = [&] {
        VerbProgress progress;  // Gone before anything else is printed.
        return carry_out(ticket, *job.value(), order.value(), use.journal, use.clock, progress,
                         base::pause_for);
    }();
    if (!run) return run.error();
    if (use.command.flag("json") || use.command.flag("csv")) {
        shell::print(table_of({run.value()}), use.output);
    } else {
        print_outcome(run.value(), order.value().is_dry);
    }
    return run.value().status == RunStatus::ok ? program::kExitOk : program::kExitFailed;
}

base::Result<int> explain(const Use& use, const JobSpec& spec) {
    auto job = make(use, spec);
    if (!job) return job.error();
    program::print("{} ({}){}\n\n{}\n\nWhen it fails: {}.\n", spec.name, spec.kind,
                   spec.schedule ? ", every " + spec.schedule->text() : "", job.value()->explain(),
                   job.value()->remedy());
    return program::kExitOk;
}

base::Result<int> print(const Use& use, const base::Result<shell::Table>& table) {
    if (!table) return table.error();
    shell::print(table.value(), use.output);
    return program::kExitOk;
}

base::Result<int> show_runs(const Use& use, const std::string& name) {
    const auto runs = use.journal.runs({.job = name, .runs_max = kRunsShown});
    if (!runs) return runs.error();
    return print(use, table_of(runs.value()));
}

base::Result<int> carry_out(const Use& use) {
    const auto& action = use.command.option("action");
    const auto& name = use.command.option("name");
    if (action == "list" || action == "status") {
        if (auto closed = close_dead_runs(use); !closed) return closed.error();
    }
    if (action == "list") {
        return print(use, table_of(use.source.specs, use.journal, use.clock.event_time()));
    }
    if (action == "status" && name.empty()) return show_runs(use, {});
    if (name.empty()) {
        return wrong("which job? Write: leat-central job " + action +
                     " NAME; `job list` shows the names");
    }
    const auto spec = find_job(use.source, name);
    if (!spec) return spec.error();
    if (action == "status") return show_runs(use, name);
    return action == "explain" ? explain(use, *spec.value()) : run_job(use, *spec.value());
}

int act(const program::Command& command, const LoadJobs& load, const base::Clock& clock) {
    const auto source = load(command.option("config"));
    if (!source) return program::print_error(source.error());
    base::set_log_level(base::LogLevel::error);
    auto output = shell::output_of(command);
    if (!output) return program::print_error(output.error());
    const auto& database = source.value().place.database;
    if (auto there = sinks::expect_database(database); !there) {
        return program::print_error(there.error());
    }
    sinks::JobJournal journal{database};
    const auto code =
        carry_out({command, source.value(), journal, clock, std::move(output).value()});
    return code ? code.value() : program::print_error(code.error());
}

}  // namespace

program::CommandVerb job_verb(const program::CommandOption& config, LoadJobs load,
                              const base::Clock& clock) {
    std::vector<program::CommandOption> options{
        {.name = "action",
         .help = "What to do: run, list, status, explain",
         .fallback = {},
         .is_positional = true,
         .words = {"run", "list", "status", "explain"}},
        {.name = "name", .help = "The job", .fallback = {}, .is_positional = true, .is_list = true},
        config,
        {.name = "from", .help = "Only what is from then on: -2d, 2026-11-20", .fallback = {}},
        {.name = "to", .help = "Only what is from before then", .fallback = {}},
        {.name = "limit", .help = "No more than so many records: for a trial", .fallback = {}},
        {.name = "set",
         .help = "Another value of a key of the job, for this run: folder=/tmp/x",
         .fallback = {},
         .is_repeatable = true},
        {.name = "dry-run", .help = "Only say what it would do", .fallback = {}, .is_flag = true},
        {.name = "scheduled", .help = "Note that nobody waits", .fallback = {}, .is_flag = true}};
    for (auto& option : shell::output_options()) options.push_back(std::move(option));
    return {.name = "job",
            .help = "Run a job of the configuration, list jobs and their runs, explain one",
            .options = std::move(options),
            .action = [load = std::move(load), &clock](const program::Command& command) {
                return act(command, load, clock);
            }};
}

}  // namespace jobs
