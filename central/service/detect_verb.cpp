#include "central/service/detect_verb.hpp"

#include <fmt/format.h>

#include <cstring>
#include <filesystem>
#include <fstream>

#include "base/log.hpp"
#include "central/detect/csv/judge.hpp"
#include "program/print.hpp"
#include "program/shell.hpp"

namespace central {

namespace {

base::Error cannot(const char* what, const std::string& path) {
    return {base::Fault::misconfigured,
            fmt::format("cannot {} {}: {}", what, path, std::strerror(errno))};
}

base::Status print(std::string_view text) {
    program::print_text(text);
    return base::Done{};
}

base::Result<detect::csv::JudgeReport> judge(const program::Command& command) {
    const detect::csv::JudgeOptions options{.time = command.option("time"),
                                            .value = command.option("value"),
                                            .time_format = command.option("time-format")};
    const auto& in = command.option("csv");
    std::ifstream table{in};
    if (!table) return cannot("read", in);
    if (std::filesystem::is_directory(in)) {
        return base::Error{base::Fault::misconfigured, "it is a folder"};
    }
    const auto& out = command.option("out");
    if (out == "-") return detect::csv::judge_csv(table, options, print);
    std::error_code ignored;
    if (std::filesystem::equivalent(in, out, ignored)) {
        return base::Error{base::Fault::misused, "--out names the same file"};
    }
    std::ofstream file;  // Opened when there is something to write: a refusal leaves an old one.
    auto judged =
        detect::csv::judge_csv(table, options, [&](std::string_view text) -> base::Status {
            if (!file.is_open()) file.open(out);
            if (file << text) return base::Done{};
            return cannot("write", out);
        });
    if (judged && !file.flush()) return cannot("write", out);
    return judged;
}

int detect(const program::Command& command) {
    const auto judged = judge(command);
    if (!judged) {
        return program::print_error(
            {judged.error().fault, command.option("csv") + ": " + judged.error().detail});
    }
    const auto& report = judged.value();
    if (2 * report.unreadable > report.rows) {
        base::log_warn("most rows have no time or no number; their reasons are in the output",
                       {{"time_format", report.time_format}});
    }
    base::log_info("judged", {{"time", report.time},
                              {"time_format", report.time_format},
                              {"value", report.value},
                              {"rows", std::to_string(report.rows)},
                              {"unreadable", std::to_string(report.unreadable)},
                              {"odd", std::to_string(report.odd)},
                              {"alerts", std::to_string(report.alerts)}});
    return program::kExitOk;
}

}  // namespace

program::CommandVerb detect_verb() {
    return {.name = "detect",
            .help = "Judge the readings of a CSV file: a score, and a reason where one is odd",
            .options =
                {{.name = "csv", .help = "The file, with a header", .fallback = "/dev/stdin"},
                 {.name = "out", .help = "Where to write; - for standard output", .fallback = "-"},
                 {.name = "time", .help = "The column of times", .fallback = ""},
                 {.name = "value", .help = "The column of values", .fallback = ""},
                 {.name = "time-format",
                  .help = "How times are written: unix, unix_ms, rfc3339, or as strftime",
                  .fallback = ""}},
            .action = detect};
}

}  // namespace central
