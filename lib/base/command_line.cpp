#include "base/command_line.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>

#include "base/completion.hpp"
#include "base/ensure.hpp"
#include "base/manual.hpp"
#include "base/settings.hpp"

namespace base {

namespace {

/// "unknown verb "rum"; did you mean "run"?" — CLI11 itself says only that a verb is required.
/// False when the verb is not what is wrong.
bool explain_unknown_verb(const CommandSpec& spec, int argc, const char* const* argv) {
    if (argc < 2 || argv[1][0] == '-') return false;
    std::vector<std::string> names;
    for (const auto& verb : spec.verbs) names.push_back(verb.name);
    if (std::find(names.begin(), names.end(), argv[1]) != names.end()) return false;
    std::cerr << fmt::format("{}: unknown verb \"{}\"", spec.program, argv[1]);
    if (const auto near = nearest_word(argv[1], names)) {
        std::cerr << fmt::format("; did you mean \"{}\"?", *near);
    }
    std::cerr << "\nRun with --help for more information.\n";
    return true;
}

/// With a heading, so that nobody takes them for a description.
std::string examples_of(const CommandSpec& spec) {
    if (spec.examples.empty()) return {};
    std::string text = "Examples:\n  ";
    for (const char c : spec.examples) {
        text += c;
        if (c == '\n') text += "  ";
    }
    return text + '\n';
}

/// What every program can say of its own command line.
CommandSpec with_common_verbs(CommandSpec spec) {
    spec.verbs.push_back({"completion",
                          "Print what completes this command line in a shell",
                          {{.name = "shell",
                            .help = "bash, zsh or fish",
                            .fallback = "",
                            .is_positional = true,
                            .words = {"bash", "zsh", "fish"}}}});
    spec.verbs.push_back({"man", "Print the manual page, for man -l -", {}});
    return spec;
}

/// True when the verb was one of those.
bool run_common_verb(const CommandSpec& spec, const Command& command) {
    if (command.verb == "man") std::cout << manual_page(spec);
    if (command.verb == "completion") std::cout << completion_of(spec, command.option("shell"));
    return command.verb == "man" || command.verb == "completion";
}

}  // namespace

const std::string& Command::option(const std::string& name) const {
    const auto found = options.find(name);
    ENSURE(found != options.end());
    return found->second;
}

ParsedCommandLine parse_command_line(const CommandSpec& own, int argc, const char* const* argv) {
    const auto spec = with_common_verbs(own);
    CLI::App app{spec.about, spec.program};
    app.set_version_flag("--version", fmt::format("{} {}", spec.program, spec.version));
    app.require_subcommand(1);
    app.footer(examples_of(spec));
    std::map<std::string, std::map<std::string, std::string>> values;
    std::map<std::string, std::map<std::string, bool>> flags;
    for (const auto& verb : spec.verbs) {
        auto* sub = app.add_subcommand(verb.name, verb.help);
        for (const auto& option : verb.options) {
            if (option.is_flag) {
                sub->add_flag("--" + option.name, flags[verb.name][option.name], option.help);
                continue;
            }
            auto& value = values[verb.name][option.name];
            value = option.fallback;
            if (option.is_positional) {
                auto* added = sub->add_option(option.name, value, option.help)->required();
                if (!option.words.empty()) added->check(CLI::IsMember(option.words));
                continue;
            }
            auto* added = sub->add_option("--" + option.name, value, option.help);
            added->capture_default_str();
            if (!option.words.empty()) added->check(CLI::IsMember(option.words));
        }
    }
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        const bool asked = error.get_exit_code() == 0;
        const bool explained = !asked && explain_unknown_verb(spec, argc, argv);
        if (!explained) app.exit(error, std::cout, std::cerr);
        return {.exit_code = asked ? kExitOk : kExitUsage, .command = {}};
    }
    ParsedCommandLine parsed;
    parsed.command.verb = app.get_subcommands().front()->get_name();
    parsed.command.options = values[parsed.command.verb];
    for (const auto& [name, given] : flags[parsed.command.verb]) {
        parsed.command.options[name] = given ? "true" : "false";
    }
    if (run_common_verb(spec, parsed.command)) parsed.exit_code = kExitOk;
    return parsed;
}

}  // namespace base
