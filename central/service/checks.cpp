#include "central/service/checks.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>

#include "base/counters.hpp"
#include "base/random.hpp"
#include "central/ingest/redis_source.hpp"
#include "central/service/service.hpp"
#include "central/sinks/sqlite_query.hpp"

namespace central {

namespace {

constexpr base::Duration kPause = std::chrono::milliseconds{5};
constexpr base::Duration kGoodbye = std::chrono::seconds{2};

bool tell(bool is_good, const std::string& what) {
    fmt::print("{}  {}\n", is_good ? "good" : "bad ", what);
    return is_good;
}

/// Where the database would be made.
bool check_folder(const std::filesystem::path& path) {
    auto folder = path.parent_path();
    if (folder.empty()) folder = ".";
    const bool writable = ::access(folder.c_str(), W_OK | X_OK) == 0;
    return tell(writable, fmt::format("database {}: not there yet; its folder {}", path.string(),
                                      writable ? "can be written"
                                               : "is missing or cannot be written by this user"));
}

bool check_database(const std::string& path) {
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored)) return check_folder(path);
    auto query = sinks::SqliteQuery::open(path);
    if (!query) return tell(false, fmt::format("database {}: {}", path, query.error().detail));
    const auto nodes = query.value()->nodes();
    if (!nodes) return tell(false, fmt::format("database {}: {}", path, nodes.error().detail));
    return tell(true, fmt::format("database {}: {} nodes", path, nodes.value().size()));
}

bool check_redis(const Config& config) {
    redis::Client client(config.redis);
    ingest::RedisSource source(client, "test", "none");
    const auto stored = source.partitions();
    const auto where = fmt::format("redis at {}", client.address());
    if (!stored) return tell(false, fmt::format("{}: {}", where, stored.error().detail));
    const auto agreed = check_partitions(config.pipeline.partitions, stored.value());
    if (!agreed) return tell(false, fmt::format("{}: {}", where, agreed.error().detail));
    return tell(true, fmt::format("{}: {} partitions", where, stored.value()));
}

bool check_broker(const Config& config, const base::Clock& clock) {
    auto options = config.broker;
    // A guest: no will, no messages, and no other client is pushed aside.
    options.will.reset();
    options.subscriptions.clear();
    options.client_id += "-test";
    broker::PahoConnection connection(options, base::entropy());
    const auto end = clock.instant() + options.connect_timeout;
    while (connection.session() == 0 && clock.instant() < end) {
        connection.tick(clock.instant());
        base::pause_for(kPause);
    }
    const bool is_good = connection.session() != 0;
    const auto outcome = is_good ? "connected" : connection.trouble();
    connection.disconnect(kGoodbye);
    return tell(is_good, fmt::format("broker at {}: {}", options.address, outcome));
}

bool check_port(const Config& config, const base::Clock& clock) {
    base::Counters counters;
    const auto server = api::Server::open(config.server, clock, counters,
                                          [](const api::Request&) { return api::Response{}; });
    if (server) return tell(true, fmt::format("page at http://{}: free", config.server.listen));
    const bool taken = server.error().fault == base::Fault::transient;
    return tell(false, fmt::format("page: {}{}", server.error().detail,
                                   taken ? " (a leat-central that runs already?)" : ""));
}

}  // namespace

bool check_everything(const Config& config, const base::Clock& clock) {
    const bool database = check_database(config.sink.path);
    const bool redis = check_redis(config);
    const bool broker = check_broker(config, clock);
    const bool port = check_port(config, clock);
    return database && redis && broker && port;
}

}  // namespace central
