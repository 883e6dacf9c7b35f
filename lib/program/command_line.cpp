#include "program/command_line.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <string_view>
#include <vector>

#include "base/ensure.hpp"
#include "base/settings.hpp"
#include "program/exit_code.hpp"

namespace program {

namespace {

constexpr const char* kHelp = "Run with --help for more information.\n";

/// Prints what is wrong with the verb: CLI11 itself says only that a "subcommand" is required.
/// False if the verb is not what is wrong.
bool explain_verb(const CommandSpec& spec, const std::vector<const char*>& words) {
    std::vector<std::string> names;
    for (const auto& verb : spec.verbs) names.push_back(verb.name);
    if (words.size() < 2 || words[1][0] == '\0') {
        std::cerr << fmt::format("{}: a verb is missing, one of: {}\n", spec.program,
                                 fmt::join(names, ", "))
                  << kHelp;
        return true;
    }
    if (words[1][0] == '-') return false;
    if (std::find(names.begin(), names.end(), words[1]) != names.end()) return false;
    std::cerr << fmt::format("{}: unknown verb \"{}\"", spec.program, words[1]);
    if (const auto near = base::nearest_word(words[1], names)) {
        std::cerr << fmt::format("; did you mean \"{}\"?", *near);
    }
    std::cerr << '\n' << kHelp;
    return true;
}

/// "help VERB" is "VERB --help". What is no verb stays one, to be refused as such.
std::vector<const char*> words_of(const CommandSpec& spec, int argc, const char* const* argv) {
    std::vector<const char*> words{argv, argv + argc};
    if (argc < 2 || std::string_view{argv[1]} != "help") return words;
    words.erase(words.begin() + 1);
    const auto is_verb = [&](const auto& verb) { return verb.name == words[1]; };
    const bool is_known = words.size() < 2 || words[1] == std::string_view{"help"} ||
                          std::any_of(spec.verbs.begin(), spec.verbs.end(), is_verb);
    if (is_known) words.push_back("--help");
    return words;
}

/// With a heading, so that they do not look like a description.
std::string examples_of(const CommandSpec& spec) {
    if (spec.examples.empty()) return {};
    std::string text = "Examples:\n  ";
    for (const char c : spec.examples) {
        text += c;
        if (c == '\n') text += "  ";
    }
    return text + '\n';
}

/// Where CLI11 puts what it parsed: by verb and option.
struct Values {
    std::map<std::string, std::map<std::string, std::string>> texts;
    std::map<std::string, std::map<std::string, bool>> flags;
    std::map<std::string, std::map<std::string, std::vector<std::string>>> lists;
    std::map<std::string, std::map<std::string, std::vector<std::string>>> repeated;
};

void add_option(CLI::App& app, const CommandVerb& verb, const CommandOption& option,
                Values& values) {
    if (option.is_flag) {
        app.add_flag("--" + option.name, values.flags[verb.name][option.name], option.help);
        return;
    }
    if (option.is_list) {
        ENSURE(option.is_positional);  // Completions and the manual go by that.
        app.add_option(option.name, values.lists[verb.name][option.name], option.help);
        return;
    }
    if (option.is_repeatable) {
        app.add_option("--" + option.name, values.repeated[verb.name][option.name], option.help)
            ->take_all();
        return;
    }
    auto& value = values.texts[verb.name][option.name];
    value = option.fallback;
    const auto name = (option.is_positional ? "" : "--") + option.name;
    auto* added = app.add_option(name, value, option.help);
    if (option.is_positional) {
        added->required();
    } else {
        added->capture_default_str();
    }
    if (!option.words.empty()) added->check(CLI::IsMember(option.words));
}

Command command_of(const std::string& verb, const Values& values) {
    Command command{.verb = verb, .options = {}};
    if (const auto texts = values.texts.find(verb); texts != values.texts.end()) {
        command.options = texts->second;
    }
    if (const auto flags = values.flags.find(verb); flags != values.flags.end()) {
        for (const auto& [name, is_given] : flags->second) {
            command.options[name] = is_given ? "true" : "false";
        }
    }
    if (const auto lists = values.lists.find(verb); lists != values.lists.end()) {
        for (const auto& [name, words] : lists->second) {
            command.options[name] = fmt::format("{}", fmt::join(words, " "));
        }
    }
    if (const auto repeated = values.repeated.find(verb); repeated != values.repeated.end()) {
        for (const auto& [name, words] : repeated->second) {
            command.options[name] = fmt::format("{}", fmt::join(words, "\n"));
        }
    }
    return command;
}

}  // namespace

const std::string& Command::option(const std::string& name) const {
    const auto found = options.find(name);
    ENSURE(found != options.end());
    return found->second;
}

ParsedCommandLine parse_command_line(const CommandSpec& spec, int argc, const char* const* argv) {
    CLI::App app{spec.about, spec.program};
    app.set_version_flag("--version", fmt::format("{} {}", spec.program, spec.version));
    app.require_subcommand(1);
    app.footer(examples_of(spec));
    Values values;
    for (const auto& verb : spec.verbs) {
        auto* sub = app.add_subcommand(verb.name, verb.help);
        for (const auto& option : verb.options) add_option(*sub, verb, option, values);
    }
    const auto words = words_of(spec, argc, argv);
    try {
        app.parse(static_cast<int>(words.size()), words.data());
    } catch (const CLI::ParseError& error) {
        const bool is_asked = error.get_exit_code() == 0;
        const bool is_explained = !is_asked && explain_verb(spec, words);
        if (!is_explained) app.exit(error, std::cout, std::cerr);
        return {.exit_code = is_asked ? kExitOk : kExitUsage, .command = {}};
    }
    return {.exit_code = {},
            .command = command_of(app.get_subcommands().front()->get_name(), values)};
}

}  // namespace program
