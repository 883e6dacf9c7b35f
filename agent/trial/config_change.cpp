#include "agent/trial/config_change.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace agent {

namespace {

/// One line for each change that a command may not make.
std::string forbidden(const Config& current, const Config& wanted) {
    std::string lines;
    const auto keep = [&lines](const char* key, const std::string& is, const std::string& would) {
        if (is == would) return;
        lines += fmt::format("{} cannot be changed by a command: it is \"{}\"\n", key, is);
    };
    const auto topic = [](const Config& config) { return config.agent.topics.request("", ""); };
    keep("node.name", current.agent.node, wanted.agent.node);
    keep("outbox.path", current.outbox.path, wanted.outbox.path);
    if (topic(current) != topic(wanted)) lines += "topics.root cannot be changed by a command\n";
    // What a smaller quota thins and evicts does not come back with the old file.
    if (wanted.outbox.quota < current.outbox.quota) {
        lines += "outbox.quota cannot be made smaller by a command\n";
    }
    const auto& allowed = current.commands.allow;
    for (const auto verb : wanted.commands.allow) {
        if (std::find(allowed.begin(), allowed.end(), verb) != allowed.end()) continue;
        lines += fmt::format(
            "commands.allow cannot be widened by a command: \"{}\" is not allowed now\n",
            to_text(verb));
    }
    if (!lines.empty()) lines.pop_back();
    return lines;
}

}  // namespace

base::Status check_change(const Config& current, const std::string& text, const std::string& name) {
    auto settings = base::Settings::parse(text, name);
    if (!settings) return settings.error();
    const auto wanted = read_config(std::move(settings).value(), current.agent.version);
    if (!wanted) return wanted.error();
    const auto lines = forbidden(current, wanted.value());
    if (!lines.empty()) return base::Error{base::Fault::misconfigured, lines};
    return base::Done{};
}

}  // namespace agent
