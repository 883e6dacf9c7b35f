#include "central/jobs/verb/job_tables.hpp"

#include <fmt/format.h>

namespace jobs {

namespace {

/// A person sees its lines in one.
shell::Cell text_cell(const std::string& text) {
    if (text.empty()) return {};
    std::string line;
    for (const char c : text) line += c == '\n' ? std::string{"; "} : std::string{c};
    return shell::shown_as(text, std::move(line));
}

shell::Cell duration_cell(const Run& run) {
    if (!run.ended) return {};
    const auto length = *run.ended - run.started;
    return shell::shown_as(length,
                           fmt::format("{:.1f} s", static_cast<double>(length.count()) / 1'000));
}

}  // namespace

base::Result<shell::Table> table_of(const std::vector<JobSpec>& specs, Journal& journal,
                                    base::EventTime now) {
    shell::Table table{.facts = {{"now", now}},
                       .columns = {{.name = "job", .title = "job"},
                                   {.name = "kind", .title = "kind"},
                                   {.name = "every", .title = "every"},
                                   {.name = "next", .title = "next"},
                                   {.name = "last", .title = "last"},
                                   {.name = "status", .title = "status"},
                                   {.name = "error", .title = "error", .is_prose = true}},
                       .when_empty = "no job is configured; each is a table like [job.backup]"};
    for (const auto& spec : specs) {
        const auto newest = journal.newest(spec.name);
        if (!newest) return newest.error();
        shell::Row row{spec.name, spec.kind, {}, {}, {}, {}, {}};
        if (spec.schedule) {
            row[2] = spec.schedule->text();
            row[3] = spec.schedule->next_due(now);
        }
        if (const auto& run = newest.value()) {
            row[4] = run->started;
            row[5] = std::string{to_text(run->status)};
            row[6] = text_cell(run->error);
        }
        table.rows.push_back(std::move(row));
    }
    return table;
}

shell::Table table_of(const std::vector<Run>& runs) {
    shell::Table table{.columns = {{.name = "id", .title = "run"},
                                   {.name = "job", .title = "job"},
                                   {.name = "kind", .title = {}},
                                   {.name = "status", .title = "status"},
                                   {.name = "started", .title = "started"},
                                   {.name = "duration_ms", .title = "took"},
                                   {.name = "records", .title = "records"},
                                   {.name = "read", .title = {}},
                                   {.name = "wrote", .title = "wrote", .is_prose = true},
                                   {.name = "error", .title = "error", .is_prose = true},
                                   {.name = "remedy", .title = "what to do", .is_prose = true}},
                       .when_empty = "it has not run yet"};
    for (const auto& run : runs) {
        table.rows.push_back({static_cast<std::uint64_t>(run.id), run.job, run.kind,
                              std::string{to_text(run.status)}, run.started, duration_cell(run),
                              run.records, text_cell(run.read), text_cell(run.wrote),
                              text_cell(run.error), text_cell(run.remedy)});
    }
    return table;
}

}  // namespace jobs
