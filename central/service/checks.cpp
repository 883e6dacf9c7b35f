#include "central/service/checks.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>

#include "base/counters.hpp"
#include "central/alerts/outputs/trial.hpp"
#include "central/ingest/redis_source.hpp"
#include "central/service/service.hpp"
#include "central/sinks/access/path_check.hpp"
#include "central/sinks/access/server_check.hpp"
#include "central/sinks/database_query.hpp"
#include "program/checks.hpp"
#include "program/secrets.hpp"

namespace central {

namespace {

using program::print_check;

/// Checks where the database would be made.
bool check_folder(const std::filesystem::path& path) {
    auto folder = path.parent_path();
    if (folder.empty()) folder = ".";
    const bool writable = ::access(folder.c_str(), W_OK | X_OK) == 0;
    return print_check(
        writable,
        fmt::format("database {}: does not exist yet; its folder {}", path.string(),
                    writable ? "is writable" : "is missing or not writable by this user"));
}

bool check_file(const std::string& path) {
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored)) return check_folder(path);
    if (const auto usable = sinks::check_path(path); !usable)
        return print_check(false, "database " + usable.error().detail);
    if (std::filesystem::file_size(path, ignored) == 0)
        return print_check(true, fmt::format("database {}: empty; its tables are made at the "
                                             "start",
                                             path));
    auto query = sinks::DatabaseQuery::open(path);
    if (!query)
        return print_check(false, fmt::format("database {}: {}", path, query.error().detail));
    const auto nodes = query.value()->nodes();
    if (!nodes)
        return print_check(false, fmt::format("database {}: {}", path, nodes.error().detail));
    const auto count = nodes.value().size();
    return print_check(true,
                       fmt::format("database {}: {} node{}", path, count, count == 1 ? "" : "s"));
}

bool check_database(const sinks::Address& address) {
    if (!address.is_server()) return check_file(address.text());
    program::print_notes(program::open_secrets({address.password_file()}));
    const auto found = sinks::state_of(address);
    return print_check(bool{found}, "database " + (found ? found.value() : found.error().detail));
}

bool check_redis(const Config& config) {
    redis::Client client(config.redis);
    ingest::RedisSource source(client, "test", "none");
    const auto stored = source.partitions();
    const auto where = fmt::format("redis at {}", client.address());
    if (!stored) return print_check(false, fmt::format("{}: {}", where, stored.error().detail));
    const auto agreed = check_partitions(config.pipeline.partitions, stored.value());
    if (!agreed) return print_check(false, fmt::format("{}: {}", where, agreed.error().detail));
    print_check(true, fmt::format("{}: {} partitions", where, stored.value()));
    program::print_notes(program::open_secrets({config.redis.password_file}));
    return true;
}

bool check_port(const Config& config, const base::Clock& clock) {
    base::Counters counters;
    const auto server = http::Server::open(config.server, clock, counters,
                                           [](const http::Request&) { return http::Response{}; });
    if (server)
        return print_check(true, fmt::format("page at http://{}: free", config.server.listen));
    const bool is_taken = server.error().fault == base::Fault::transient;
    return print_check(
        false, fmt::format("page: {}{}", server.error().detail,
                           is_taken ? " (by a leat-central that is already running?)" : ""));
}

/// A receiver that takes no test alert would take no other.
bool check_exits(const Config& config, const base::Clock& clock) {
    const bool is_good = alerts::try_exits(config.exits, clock, print_check);
    program::print_notes(program::open_secrets(alerts::secrets_of(config.exits)));
    return is_good;
}

}  // namespace

bool check_everything(const Config& config, const base::Clock& clock) {
    const bool database = check_database(config.sink.path);
    const bool redis = check_redis(config);
    const bool broker = program::check_broker(config.broker, clock);
    const bool port = check_port(config, clock);
    const bool exits = check_exits(config, clock);
    return database && redis && broker && port && exits;
}

}  // namespace central
