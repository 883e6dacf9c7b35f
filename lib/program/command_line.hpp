#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace program {

/// One option of a verb, written `--name value`.
struct CommandOption {
    std::string name;  // Without dashes: "config".
    std::string help;
    std::string fallback;
    bool is_flag = false;              // Has no value; "true" if it is there.
    bool is_positional = false;        // Written without its name, and required.
    bool is_list = false;              // Positional, any number of them; with blanks in between.
    bool is_repeatable = false;        // May be written again; values are joined by newlines.
    std::vector<std::string> words{};  // The only ones allowed; empty: any text, or a file.
};

/// What the user asked for: a verb with the value of every option.
struct Command {
    std::string verb;
    std::map<std::string, std::string> options;

    const std::string& option(const std::string& name) const;
    bool flag(const std::string& name) const { return option(name) == "true"; }
};

struct CommandVerb {
    /// Does the work and returns the exit code.
    using Action = std::function<int(const Command& command)>;

    std::string name;
    std::string help;
    std::vector<CommandOption> options;
    Action action{};
};

/// A section of the manual that does not follow from the verbs. Its parts are shown in this order.
struct ManualSection {
    std::string title;  // "CONFIGURATION"
    std::string text;
    std::vector<std::pair<std::string, std::string>> items{};  // A word and its meaning.
    std::string sample{};                                      // Shown as it is.
};

/// A program as its command line, its manual and its completions describe it.
struct CommandSpec {
    std::string program;
    std::string version;
    std::string about;
    std::vector<CommandVerb> verbs;
    std::string examples;  // Shown at the end of --help.
    std::vector<ManualSection> manual{};
    std::string date{};  // Of the version: "2026-11-28"; for the manual.
};

/// A command, or the exit code if the program is to end at once.
struct ParsedCommandLine {
    std::optional<int> exit_code;
    Command command;
};

/// Parses argv. After --help, --version or a usage error the output is already printed.
ParsedCommandLine parse_command_line(const CommandSpec& spec, int argc, const char* const* argv);

}  // namespace program
