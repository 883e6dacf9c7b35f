#pragma once

#include <map>
#include <string>
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
    bool is_flag = false;        // Takes no value; present means "true".
    bool is_positional = false;  // Written without its name, and required.
};

struct CommandVerb {
    std::string name;
    std::string help;
    std::vector<CommandOption> options;
};

struct CommandSpec {
    std::string program;
    std::string version;
    std::string about;
    std::vector<CommandVerb> verbs;
    std::string examples;  // Shown at the end of --help.
};

/// What the user asked for: a verb with every option's value.
struct Command {
    std::string verb;
    std::map<std::string, std::string> options;

    const std::string& option(const std::string& name) const;
    bool flag(const std::string& name) const { return option(name) == "true"; }
};

/// Parses argv. When the program should end at once (--help, --version, a usage error) it prints
/// what there is to say and `exit_code` is set; otherwise `command` holds the verb.
struct ParsedCommandLine {
    int exit_code = -1;  // -1: go on.
    Command command;
};
ParsedCommandLine parse_command_line(const CommandSpec& spec, int argc, const char* const* argv);

}  // namespace base
