#include "central/shell/table/verb_output.hpp"

#include <fmt/format.h>

#include <cstdio>

#include "base/utf8.hpp"
#include "central/shell/table/render.hpp"
#include "central/shell/table/terminal.hpp"
#include "program/print.hpp"

namespace shell {

namespace {

std::string text_of(const Table& table, const Output& output) {
    if (output.is_json) return to_json(table);
    if (output.is_csv) return to_csv(table, output.zone);
    return to_text(table, output.zone, terminal_width());
}

void say(const std::string& sentence) {
    if (sentence.empty()) return;
    // It stands behind the table, whatever is buffered. The end of the program judges the outcome.
    static_cast<void>(program::has_output_arrived());
    fmt::print(stderr, "{}\n", base::printable(sentence));
}

}  // namespace

std::vector<program::CommandOption> output_options() {
    return {{.name = "zone",
             .help = "Whose clocks times are shown by: UTC, Europe/Berlin, +01:00",
             .fallback = "UTC"},
            {.name = "json", .help = "Print it for programs", .fallback = {}, .is_flag = true},
            {.name = "csv", .help = "Print it for spreadsheets", .fallback = {}, .is_flag = true}};
}

base::Result<Output> output_of(const program::Command& command) {
    auto zone = drivers::tables::TimeZone::find(command.option("zone"));
    if (!zone) return base::Error{base::Fault::misused, zone.error().detail};
    Output output{.zone = std::move(zone).value(),
                  .is_json = command.flag("json"),
                  .is_csv = command.flag("csv")};
    if (!output.is_json || !output.is_csv) return output;
    return base::Error{base::Fault::misused, "write one of --json and --csv"};
}

void print(const Table& table, const Output& output) {
    program::print_text(text_of(table, output));
    say(table.rows.empty() ? table.when_empty : table.remark);
}

}  // namespace shell
