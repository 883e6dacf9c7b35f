#include "program/completion.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/ensure.hpp"

namespace program {

namespace {

std::string identifier(std::string program) {
    std::replace(program.begin(), program.end(), '-', '_');
    return program;
}

/// Puts the text in single quotes, which all three shells read alike.
std::string shell_quoted(const std::string& text) {
    std::string result;
    for (const char c : text) result += c == '\'' ? std::string{"'\\''"} : std::string{c};
    return "'" + result + "'";
}

std::string verbs_of(const CommandSpec& spec) {
    std::string words;
    for (const auto& verb : spec.verbs) words += verb.name + " ";
    return words + "--help --version";
}

std::string words_of(const CommandVerb& verb) {
    std::string words;
    for (const auto& option : verb.options) {
        if (option.is_positional) continue;
        words += "--" + option.name + " ";
    }
    return words + "--help";
}

// ---- bash

/// The functions in a script begin with the program's name: they live among the user's own.
std::string bash_value(const CommandOption& option) {
    if (option.words.empty()) return "files";
    return fmt::format("words '{}'", fmt::join(option.words, " "));
}

/// What may follow within one verb: the value of the option before it, or another word.
std::string bash_verb(const CommandVerb& verb, const std::string& name) {
    std::string text;
    std::string words = words_of(verb);
    for (const auto& option : verb.options) {
        if (option.is_positional) {
            words = fmt::format("{} {}", fmt::join(option.words, " "), words);
        } else if (!option.is_flag) {
            text += fmt::format("    {}:--{}) _{}_{} ;;\n", verb.name, option.name, name,
                                bash_value(option));
        }
    }
    return text + fmt::format("    {}:*) _{}_words '{}' ;;\n", verb.name, name, words);
}

std::string bash(const CommandSpec& spec) {
    auto text = fmt::format(
        "# Completes {0} in bash; printed by: {0} completion bash\n"
        "_{1}_words() {{ mapfile -t COMPREPLY < <(compgen -W \"$1\" -- \"$word\"); }}\n"
        "_{1}_files() {{\n"
        "  compopt -o filenames 2>/dev/null\n"
        "  mapfile -t COMPREPLY < <(compgen -f -- \"$word\")\n"
        "}}\n"
        "_{1}() {{\n"
        "  local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD-1]}}\n"
        "  local verb=${{COMP_WORDS[1]}}\n"
        "  [ \"$COMP_CWORD\" -gt 1 ] || verb=\n"
        "  [ \"$before\" != = ] || before=${{COMP_WORDS[COMP_CWORD-2]}}\n"
        "  [ \"$word\" != = ] || word=\n"
        "  case \"$verb:$before\" in\n"
        "    :*) _{1}_words '{2}' ;;\n",
        spec.program, identifier(spec.program), verbs_of(spec));
    for (const auto& verb : spec.verbs) text += bash_verb(verb, identifier(spec.program));
    return text + fmt::format(
                      "  esac\n"
                      "}}\n"
                      "complete -F _{} {}\n",
                      identifier(spec.program), spec.program);
}

// ---- zsh

/// Brackets and colons mean something to _arguments and _describe.
std::string zsh_text(const std::string& text) {
    std::string result;
    for (const char c : text) {
        if (c == '[' || c == ']' || c == ':' || c == '\\') result += '\\';
        result += c;
    }
    return result;
}

std::string zsh_value(const CommandOption& option) {
    return option.words.empty() ? "_files" : fmt::format("({})", fmt::join(option.words, " "));
}

std::string zsh_option(const CommandOption& option) {
    const auto help = zsh_text(option.help);
    if (option.is_list) return shell_quoted(fmt::format("*:{}: ", option.name));
    if (option.is_positional) {
        return shell_quoted(fmt::format("1:{}:{}", option.name, zsh_value(option)));
    }
    if (option.is_flag) return shell_quoted(fmt::format("--{}[{}]", option.name, help));
    return shell_quoted(
        fmt::format("--{}[{}]:{}:{}", option.name, help, option.name, zsh_value(option)));
}

std::string zsh(const CommandSpec& spec) {
    auto text = fmt::format(
        "#compdef {0}\n"
        "# Completes {0} in zsh; printed by: {0} completion zsh\n"
        "_{1}() {{\n"
        "  local state line\n"
        "  local -a verbs=(\n",
        spec.program, identifier(spec.program));
    for (const auto& verb : spec.verbs) {
        text += "    " + shell_quoted(verb.name + ":" + zsh_text(verb.help)) + "\n";
    }
    text +=
        "  )\n"
        "  _arguments -C '--help' '--version' '1: :->verb' '*:: :->rest'\n"
        "  case $state in\n"
        "  verb) _describe verb verbs ;;\n"
        "  rest)\n"
        "    case $line[1] in\n";
    for (const auto& verb : spec.verbs) {
        text += fmt::format("    {}) _arguments '--help'", verb.name);
        for (const auto& option : verb.options) text += " \\\n      " + zsh_option(option);
        text += " ;;\n";
    }
    return text + fmt::format("    esac ;;\n  esac\n}}\n_{} \"$@\"\n", identifier(spec.program));
}

// ---- fish

std::string fish_option(const CommandSpec& spec, const CommandVerb& verb,
                        const CommandOption& option) {
    auto text = fmt::format("complete -c {} -n {}", spec.program,
                            shell_quoted("__fish_seen_subcommand_from " + verb.name));
    if (option.is_positional) {
        return text + fmt::format(" -f -a {}\n",
                                  shell_quoted(fmt::format("{}", fmt::join(option.words, " "))));
    }
    text += fmt::format(" -l {} -d {}", option.name, shell_quoted(option.help));
    if (option.is_flag) return text + "\n";
    if (option.words.empty()) return text + " -r -F\n";
    return text + fmt::format(" -x -a {}\n",
                              shell_quoted(fmt::format("{}", fmt::join(option.words, " "))));
}

std::string fish(const CommandSpec& spec) {
    auto text = fmt::format(
        "# Completes {0} in fish; printed by: {0} completion fish\n"
        "complete -c {0} -f\n"
        "complete -c {0} -n __fish_use_subcommand -l version -d 'Print the version'\n"
        "complete -c {0} -l help -d 'Print help'\n",
        spec.program);
    for (const auto& verb : spec.verbs) {
        text += fmt::format("complete -c {} -n __fish_use_subcommand -a {} -d {}\n", spec.program,
                            verb.name, shell_quoted(verb.help));
        for (const auto& option : verb.options) text += fish_option(spec, verb, option);
    }
    return text;
}

}  // namespace

std::string completion_of(const CommandSpec& spec, const std::string& shell) {
    ENSURE(shell == "bash" || shell == "zsh" || shell == "fish");
    if (shell == "bash") return bash(spec);
    return shell == "zsh" ? zsh(spec) : fish(spec);
}

}  // namespace program
