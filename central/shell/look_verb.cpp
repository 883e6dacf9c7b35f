#include "central/shell/look_verb.hpp"

#include <fmt/format.h>

#include <cstdio>

#include "base/log.hpp"
#include "base/utf8.hpp"
#include "central/shell/table/render.hpp"
#include "central/shell/terminal.hpp"
#include "central/sinks/path_check.hpp"
#include "central/sinks/sqlite_query.hpp"
#include "program/print.hpp"
#include "program/shell.hpp"

namespace shell {

namespace {

using drivers::tables::TimeZone;

void say(const std::string& sentence) {
    if (sentence.empty()) return;
    program::has_output_arrived();  // So that it stands behind the table, whatever is buffered.
    fmt::print(stderr, "{}\n", base::printable(sentence));
}

base::Status look_into(const program::Command& command, const Source& source,
                       const base::Clock& clock,
                       const std::function<Answer(const Question&)>& ask) {
    const auto zone = TimeZone::find(command.option("zone"));
    if (!zone) return zone.error();
    if (auto there = sinks::expect_database(source.database); !there) return there;
    const auto query = sinks::SqliteQuery::open(source.database);
    if (!query) return query.error();
    const views::NodePresences nobody;
    const auto answer = ask({.facts = {.query = *query.value(),
                                       .presences = nobody,
                                       .now = clock.event_time(),
                                       .watermark_bound = source.watermark_bound},
                             .zone = zone.value(),
                             .command = command});
    if (!answer) return answer.error();
    return print(answer.value(), command, zone.value());
}

}  // namespace

std::vector<program::CommandOption> look_options() {
    return {{.name = "zone",
             .help = "Whose clocks times are shown by: UTC, Europe/Berlin, +01:00",
             .fallback = "UTC"},
            {.name = "json", .help = "Print it for programs", .fallback = {}, .is_flag = true},
            {.name = "csv", .help = "Print it for spreadsheets", .fallback = {}, .is_flag = true}};
}

base::Status print(const Table& table, const program::Command& command, const TimeZone& zone) {
    const bool is_json = command.flag("json");
    const bool is_csv = command.flag("csv");
    if (is_json && is_csv) {
        return base::Error{base::Fault::misconfigured, "write one of --json and --csv"};
    }
    program::print_text(is_json  ? to_json(table)
                        : is_csv ? to_csv(table, zone)
                                 : to_text(table, zone, terminal_width()));
    say(table.rows.empty() ? table.when_empty : table.remark);
    return base::Done{};
}

int look(const program::Command& command, const Load& load, const base::Clock& clock,
         const std::function<Answer(const Question&)>& ask) {
    const auto source = load(command.option("config"));
    if (!source) return program::print_error(source.error());
    base::set_log_level(base::LogLevel::error);
    const auto looked = look_into(command, source.value(), clock, ask);
    return looked ? program::kExitOk : program::print_error(looked.error());
}

}  // namespace shell
