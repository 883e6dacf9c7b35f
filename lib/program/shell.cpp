#include "program/shell.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "base/ensure.hpp"
#include "program/completion.hpp"
#include "program/manual.hpp"
#include "program/print.hpp"

namespace program {

namespace {

CommandVerb completion_verb() {
    return {"completion",
            "Print what completes this command line in a shell",
            {{.name = "shell",
              .help = "bash, zsh or fish",
              .fallback = "",
              .is_positional = true,
              .words = {"bash", "zsh", "fish"}}}};
}

int print_whole(const std::string& text) {
    print_text(text);
    return kExitOk;
}

/// A verb whose output did not arrive has not done its work.
int judge_output(int exit_code) {
    if (has_output_arrived()) return exit_code;
    fmt::print(stderr, "standard output cannot be written; is the disk full?\n");
    return exit_code == kExitOk ? kExitFailed : exit_code;
}

int carry_out(const CommandSpec& spec, const Command& command) {
    if (command.verb == "completion")
        return print_whole(completion_of(spec, command.option("shell")));
    if (command.verb == "man") return print_whole(manual_page(spec));
    const auto verb =
        std::find_if(spec.verbs.begin(), spec.verbs.end(),
                     [&](const CommandVerb& each) { return each.name == command.verb; });
    ENSURE(verb != spec.verbs.end());
    ENSURE(verb->action);
    return verb->action(command);
}

}  // namespace

int run(CommandSpec spec, int argc, const char* const* argv) {
    spec.verbs.push_back(completion_verb());
    spec.verbs.push_back({"man", "Print the manual page, for man -l -", {}});
    const auto parsed = parse_command_line(spec, argc, argv);
    return judge_output(parsed.exit_code ? *parsed.exit_code : carry_out(spec, parsed.command));
}

int print_error(const base::Error& error) {
    fmt::print(stderr, "{}\n", error.detail);
    return exit_code_of(error.fault);
}

int print_good(const std::string& file, const std::string& summary) {
    print("{} is good{}{}\n", file, summary.empty() ? "" : ": ", summary);
    return kExitOk;
}

CommandVerb sample_config_verb(std::string sample) {
    return {"sample-config",
            "Print a commented configuration file",
            {},
            [sample = std::move(sample)](const Command&) { return print_whole(sample); }};
}

ManualSection configuration_section(std::string sample) {
    return {.title = "CONFIGURATION",
            .text =
                "A TOML file. Texts may hold ${VAR}, ${VAR:-default} and ${VAR:?message}; every "
                "error is reported with its file and line. What sample-config prints, with "
                "every key and its default:",
            .items = {},
            .sample = std::move(sample)};
}

}  // namespace program
