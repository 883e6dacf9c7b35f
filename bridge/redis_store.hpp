#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "bridge/store.hpp"
#include "redis/client.hpp"

namespace bridge {

/// When a batch may be acknowledged.
enum class Durability {
    disk,    // When Redis has it on disk. Refuses to run when Redis cannot promise that.
    memory,  // When Redis has it in memory: a power cut loses what was acknowledged.
};

struct RedisStoreOptions {
    /// Streams that the nodes are spread over. Fixed for the life of a data set: Redis keeps it.
    std::uint32_t partitions = 16;

    /// Entries in a partition's stream at which nodes are told to wait.
    std::uint64_t cap = 1'000'000;

    Durability durability = Durability::disk;

    /// Dead letters kept; the oldest go first.
    std::uint64_t dead_letters_max = 1000;

    /// The longest wait for the disk (WAITAOF); stays below the client's time-out.
    base::Duration barrier_timeout = std::chrono::seconds{1};

    /// After this time the server is asked again whether it still keeps its promise: somebody may
    /// have changed it at runtime.
    base::Duration check_every = std::chrono::seconds{30};
};

/// What the server said of itself, and what follows from it.
struct ServerFacts {
    std::string version;          // "7.0.15"
    bool waits_for_disk = false;  // Every group must end with WAITAOF.
    std::vector<std::string> warnings;
    std::uint64_t session = 0;  // Of the client, when it was asked.
};

/// Judges INFO and CONFIG GET: is an answer of this server a promise? Misconfigured, with the
/// remedy, when it is not. `command_line` reaches the server: remedies are to be pasted.
base::Result<ServerFacts> judge_server(const redis::Reply& info, const redis::Reply& config,
                                       Durability durability,
                                       const std::string& command_line = "redis-cli");

/// Store in Redis, through the function library leat.lua. One pipeline a group, one barrier a
/// pipeline. Checks the server's durability at every new connection and never acknowledges over one
/// that it has not checked.
class RedisStore final : public Store {
  public:
    /// `lineage` names the data set if it has no name yet; it must be random.
    RedisStore(redis::Client& client, const base::Clock& clock, RedisStoreOptions options,
               std::string lineage);

    base::Result<std::vector<wire::Ack>> ingest(
        const std::vector<IngestRequest>& requests) override;
    base::Status check() override;
    base::Status bury(const DeadLetter& letter) override;

    /// What the last successful check found.
    const ServerFacts& facts() const { return facts_; }

  private:
    base::Status prepare();
    base::Status prepare_now();
    base::Status load_library(const redis::Reply& version);
    redis::Command ingest_command(const IngestRequest& request, const std::string& now) const;
    base::Error refused(const redis::Reply& reply);
    base::Status passed_barrier(const redis::Reply& reply);

    redis::Client& client_;
    const base::Clock& clock_;
    RedisStoreOptions options_;
    std::string lineage_;

    std::optional<std::uint64_t> checked_session_;
    base::Instant checked_at_{};
    ServerFacts facts_;
};

}  // namespace bridge
