#include <fmt/format.h>

#include <charconv>
#include <map>

#include "bridge/redis_store.hpp"

namespace bridge {

namespace {

using base::Error;
using base::Fault;
using base::Result;

using Configuration = std::map<std::string, std::string>;

/// The value of a `name:value` line of INFO.
std::string info_value(const std::string& info, const std::string& name) {
    const auto at = info.find(name + ":");
    if (at == std::string::npos) return {};
    const auto start = at + name.size() + 1;
    return info.substr(start, info.find_first_of("\r\n", start) - start);
}

/// CONFIG GET returns names and values in turn.
Configuration read_configuration(const redis::Reply& reply) {
    Configuration configuration;
    for (std::size_t i = 0; i + 1 < reply.items.size(); i += 2) {
        configuration[reply.items[i].text] = reply.items[i + 1].text;
    }
    return configuration;
}

int number_before(std::string_view text, char end) {
    int number = 0;
    std::from_chars(text.data(), text.data() + std::min(text.find(end), text.size()), number);
    return number;
}

/// Whether "7.2.4" is at least major.minor.
bool is_at_least(const std::string& version, int major, int minor) {
    const auto has_major = number_before(version, '.');
    if (has_major != major) return has_major > major;
    const auto dot = version.find('.');
    return dot != std::string::npos && number_before(version.substr(dot + 1), '.') >= minor;
}

Error misconfigured(std::string reason) {
    return {Fault::misconfigured, std::move(reason)};
}

/// Whether an answer means disk only after a WAITAOF. Misconfigured if it never means disk.
Result<bool> needs_waitaof(const Configuration& configuration, const std::string& version,
                           const std::string& command_line) {
    const auto value = [&](const char* name) {
        const auto found = configuration.find(name);
        return found == configuration.end() ? std::string{} : found->second;
    };
    if (value("appendonly") != "yes") {
        return misconfigured(
            fmt::format("Redis keeps nothing on disk (appendonly is no): a power cut would lose "
                        "acknowledged records. Remedy: {0} CONFIG SET appendonly yes; {0} CONFIG "
                        "SET appendfsync always; {0} CONFIG REWRITE",
                        command_line));
    }
    if (value("appendfsync") == "always" && value("no-appendfsync-on-rewrite") != "yes")
        return false;
    if (is_at_least(version, 7, 2)) return true;
    if (value("appendfsync") == "always") {
        return misconfigured(
            fmt::format("Redis does not wait for the disk while it rewrites its log "
                        "(no-appendfsync-on-rewrite is yes). Remedy: {0} CONFIG SET "
                        "no-appendfsync-on-rewrite no; {0} CONFIG REWRITE",
                        command_line));
    }
    return misconfigured(fmt::format(
        "Redis {0} answers before the disk has it (appendfsync is {1}), and has no WAITAOF (7.2 or "
        "newer). Remedy: {2} CONFIG SET appendfsync always; {2} CONFIG REWRITE",
        version, value("appendfsync"), command_line));
}

std::vector<std::string> find_warnings(const Configuration& configuration,
                                       const std::string& command_line) {
    std::vector<std::string> warnings;
    const auto policy = configuration.find("maxmemory-policy");
    if (policy != configuration.end() && policy->second != "noeviction") {
        warnings.push_back("maxmemory-policy is " + policy->second +
                           ": Redis may delete records when its memory is full. Remedy: " +
                           command_line + " CONFIG SET maxmemory-policy noeviction");
    }
    const auto rewrite = configuration.find("no-appendfsync-on-rewrite");
    if (rewrite != configuration.end() && rewrite->second == "yes") {
        warnings.emplace_back(
            "no-appendfsync-on-rewrite is yes: acknowledgements stall while Redis rewrites its "
            "log. Remedy: " +
            command_line + " CONFIG SET no-appendfsync-on-rewrite no");
    }
    return warnings;
}

}  // namespace

bool rewrites_log(const redis::Reply& persistence) {
    return info_value(persistence.text, "aof_rewrite_in_progress") == "1" ||
           info_value(persistence.text, "aof_rewrite_scheduled") == "1";
}

Result<ServerFacts> judge_server(const redis::Reply& info, const redis::Reply& config,
                                 Durability durability, const std::string& command_line) {
    ServerFacts facts;
    facts.version = info_value(info.text, "redis_version");
    facts.run = info_value(info.text, "run_id");
    if (!is_at_least(facts.version, 7, 0)) {
        return misconfigured("Redis " + facts.version +
                             " has no functions. Remedy: Redis 7.0 or newer, or Valkey");
    }
    const auto configuration = read_configuration(config);
    facts.warnings = find_warnings(configuration, command_line);
    if (durability == Durability::memory) {
        facts.warnings.emplace_back(
            "durability is \"memory\": a power cut at the server loses acknowledged records");
        return facts;
    }
    if (config.is_error()) {
        return misconfigured(
            "Redis does not say whether it keeps what it answers (" + config.text +
            "). Remedy: allow this user CONFIG GET: ACL SETUSER <user> +config|get");
    }
    auto waits = needs_waitaof(configuration, facts.version, command_line);
    if (!waits) return waits.error();
    facts.waits_for_disk = waits.value();
    return facts;
}

}  // namespace bridge
