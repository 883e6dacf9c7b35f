#include "program/manual.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "program/exit_code.hpp"

namespace program {

namespace {

std::string upper(std::string text) {
    for (auto& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return text;
}

/// Splits one UTF-8 character off the text; what is not UTF-8 becomes a question mark.
std::uint32_t split_character(std::string_view& text) {
    const auto first = static_cast<unsigned char>(text.front());
    text.remove_prefix(1);
    if (first < 0x80) return first;
    const std::size_t more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;
    if (first < 0xc0 || text.size() < more) return '?';
    std::uint32_t character = first & (0x3fU >> more);
    for (std::size_t i = 0; i < more; ++i) {
        character = character << 6U | (static_cast<unsigned char>(text[i]) & 0x3fU);
    }
    text.remove_prefix(more);
    return character;
}

/// Escaped so that roff prints the text unchanged.
std::string escaped(std::string_view text) {
    std::string result;
    bool at_start = true;
    while (!text.empty()) {
        const auto character = split_character(text);
        // A line that begins with one of these would be a command.
        if (at_start && (character == '.' || character == '\'')) result += "\\&";
        at_start = character == '\n';
        if (character == '\\') {
            result += "\\e";
        } else if (character == '-') {
            result += "\\-";
        } else if (character >= 0x80) {
            result += fmt::format("\\[u{:04X}]", character);
        } else {
            result += static_cast<char>(character);
        }
    }
    return result;
}

std::string bold(std::string_view text) {
    return "\\fB" + escaped(text) + "\\fR";
}

std::string literal(const std::string& text) {
    auto result = ".nf\n" + escaped(text);
    if (!result.ends_with('\n')) result += '\n';
    return result + ".fi\n";
}

std::string value_of(const CommandOption& option) {
    if (option.words.empty()) return "\\fI" + escaped(option.name) + "\\fR";
    return fmt::format("{}", fmt::join(option.words, "|"));
}

std::string usage(const CommandOption& option) {
    if (option.is_list) return value_of(option) + " ...";
    if (option.is_positional) return value_of(option);
    const auto name = bold("--" + option.name);
    return option.is_flag ? name : name + " " + value_of(option);
}

std::string synopsis(const CommandSpec& spec) {
    std::string text = ".SH SYNOPSIS\n.nf\n";
    for (const auto& verb : spec.verbs) {
        text += bold(spec.program) + " " + bold(verb.name);
        for (const auto& option : verb.options) {
            const bool is_required = option.is_positional && !option.is_list;
            text += is_required ? " " + usage(option) : " [" + usage(option) + "]";
        }
        text += '\n';
    }
    return text + ".fi\n";
}

std::string sentence(const std::string& text) {
    return escaped(text.ends_with('.') ? text : text + ".") + "\n";
}

std::string verbs(const CommandSpec& spec) {
    std::string text = ".SH COMMANDS\n";
    for (const auto& verb : spec.verbs) {
        text += ".TP\n" + bold(verb.name) + "\n" + sentence(verb.help);
        if (verb.options.empty()) continue;
        text += ".RS\n";
        for (const auto& option : verb.options) {
            text += ".TP\n" + usage(option) + "\n" + sentence(option.help);
            if (!option.fallback.empty()) text += "Default: " + escaped(option.fallback) + "\n";
        }
        text += ".RE\n";
    }
    return text;
}

std::string section(const ManualSection& section) {
    auto text = ".SH " + escaped(section.title) + "\n";
    if (!section.text.empty()) text += escaped(section.text) + "\n";
    for (const auto& [word, meaning] : section.items) {
        text += ".TP\n" + bold(word) + "\n" + sentence(meaning);
    }
    if (section.sample.empty()) return text;
    return text + (section.text.empty() && section.items.empty() ? "" : ".PP\n") +
           literal(section.sample);
}

ManualSection exit_status() {
    return {.title = "EXIT STATUS",
            .text = {},
            .items = {{std::to_string(kExitOk), "All is well"},
                      {std::to_string(kExitFailed), "A check or the work failed"},
                      {std::to_string(kExitUsage), "The command line is wrong"},
                      {std::to_string(kExitMisconfigured), "The configuration is wrong"}}};
}

ManualSection files(const CommandSpec& spec) {
    ManualSection result{.title = "FILES", .text = {}};
    for (const auto& verb : spec.verbs) {
        for (const auto& option : verb.options) {
            const bool known =
                std::any_of(result.items.begin(), result.items.end(),
                            [&](const auto& item) { return item.first == option.fallback; });
            if (known || !option.fallback.starts_with("/etc/")) continue;
            result.items.emplace_back(option.fallback, option.help);
        }
    }
    return result;
}

}  // namespace

std::string manual_page(const CommandSpec& spec) {
    auto text = fmt::format(".TH {} 1 \"{}\" \"leat {}\" \"leat\"\n", escaped(upper(spec.program)),
                            spec.date, escaped(spec.version));
    text += fmt::format(".SH NAME\n{} \\- {}\n", escaped(spec.program), escaped(spec.about));
    text += synopsis(spec);
    // A reader looks for the description first.
    const auto is_first = [](const auto& part) { return part.title == "DESCRIPTION"; };
    for (const auto& part : spec.manual) text += is_first(part) ? section(part) : "";
    text += verbs(spec);
    for (const auto& part : spec.manual) text += is_first(part) ? "" : section(part);
    text += section(exit_status());
    if (const auto found = files(spec); !found.items.empty()) text += section(found);
    return text + section({.title = "EXAMPLES", .text = {}, .items = {}, .sample = spec.examples});
}

}  // namespace program
