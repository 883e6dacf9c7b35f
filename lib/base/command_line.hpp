#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace base {

/// Exit codes of every leat program (sysexits.h for 78).
constexpr int kExitOk = 0;
constexpr int kExitFailed = 1;
constexpr int kExitUsage = 2;
constexpr int kExitMisconfigured = 78;

/// One option of a verb, written `--name value`.
struct CommandOption {
    std::string name;  // Without dashes: "config".
    std::string help;
    std::string fallback;
    bool is_flag = false;              // Takes no value; present means "true".
    bool is_positional = false;        // Written without its name, and required.
    std::vector<std::string> words{};  // The only ones allowed; empty: any text, or a file.
};

struct CommandVerb {
    std::string name;
    std::string help;
    std::vector<CommandOption> options;
};

/// A part of the manual that does not follow from the verbs. What there is of it is shown in this
/// order.
struct ManualSection {
    std::string title;  // "CONFIGURATION"
    std::string text;
    std::vector<std::pair<std::string, std::string>> items{};  // A word and what it is.
    std::string sample{};                                      // Shown as it is.
};

struct CommandSpec {
    std::string program;
    std::string version;
    std::string about;
    std::vector<CommandVerb> verbs;
    std::string examples;  // Shown at the end of --help.
    std::vector<ManualSection> manual{};
};

/// What the user asked for: a verb with every option's value.
struct Command {
    std::string verb;
    std::map<std::string, std::string> options;

    const std::string& option(const std::string& name) const;
    bool flag(const std::string& name) const { return option(name) == "true"; }
};

/// Parses argv. When the program should end at once (--help, --version, a usage error, and the
/// verbs that every program has: `completion` and `man`) it prints what there is to say and
/// `exit_code` is set; otherwise `command` holds the verb.
struct ParsedCommandLine {
    int exit_code = -1;  // -1: go on.
    Command command;
};
ParsedCommandLine parse_command_line(const CommandSpec& spec, int argc, const char* const* argv);

}  // namespace base
