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
    disk,    // When Redis has it on disk. The bridge does not run if Redis cannot promise that.
    memory,  // When Redis has it in memory: a power cut loses acknowledged records.
};

struct RedisStoreOptions {
    /// The streams that the nodes are spread over. Fixed for the life of a data set, in Redis.
    std::uint32_t partitions = 16;

    /// When a partition's stream has this many entries, its nodes must wait.
    std::uint64_t cap = 1'000'000;

    Durability durability = Durability::disk;

    /// Nodes whose records are taken; a further name must wait.
    std::uint64_t nodes_max = 10'000;

    /// Dead letters kept; the oldest go first.
    std::uint64_t dead_letters_max = 1000;

    /// The longest wait for the disk (WAITAOF); stays below the client's time-out. With everysec a
    /// sync comes a little more than a second after the write.
    base::Duration barrier_timeout = std::chrono::milliseconds{1'500};

    /// How often to check the server, even if nothing else calls for it.
    base::Duration check_every = std::chrono::seconds{30};
};

/// What the server said about itself, and what follows from it.
struct ServerFacts {
    std::string version;                // "7.0.15"
    std::string run;                    // Of the server: another after each start.
    bool waits_for_disk = false;        // Every group must end with WAITAOF.
    std::vector<std::string> settings;  // Of durability, as CONFIG GET gives them.
    std::vector<std::string> warnings;
    std::uint64_t session = 0;  // The client's, when the server was asked.
};

/// Whether Redis rewrites its log, or is about to, by its answer to INFO persistence.
bool rewrites_log(const redis::Reply& persistence);

/// Judges by INFO and CONFIG GET whether an answer of this server promises durability.
/// Misconfigured, with the remedy, if it does not. The remedy contains `command_line`, which
/// reaches the server, so that a person can paste it.
base::Result<ServerFacts> judge_server(const redis::Reply& info, const redis::Reply& config,
                                       Durability durability,
                                       const std::string& command_line = "redis-cli");

/// The answer of leat_ingest: status, s, h, a, ha, expected, retry in ms, reason. Transient if it
/// is none; `now` is left open.
base::Result<wire::Ack> read_answer(const redis::Reply& reply, wire::Incarnation incarnation);

/// The store in Redis, through the function library leat.lua. A group is one pipeline with one
/// barrier. Checks the server's durability at every new connection and with every group, and never
/// acknowledges over one that it has not checked.
class RedisStore final : public Store {
  public:
    /// `lineage` names the data set if it has no name yet; it must be random.
    RedisStore(redis::Client& client, const base::Clock& clock, RedisStoreOptions options,
               std::string lineage);

    base::Result<std::vector<wire::Ack>> ingest(
        const std::vector<IngestRequest>& requests) override;
    base::Status check() override;
    base::Status bury(const DeadLetter& letter) override;
    std::uint64_t refused_nodes() const override { return refused_nodes_; }

    /// What the last successful check found.
    const ServerFacts& facts() const { return facts_; }

  private:
    base::Status prepare();
    base::Status prepare_now();
    base::Status has_whole_log(const redis::Reply& persistence) const;
    void doubt();
    base::Status load_library(const redis::Reply& version);
    redis::Command ingest_command(const IngestRequest& request, const std::string& now) const;
    base::Error refused(const redis::Reply& reply);
    base::Result<wire::Ack> answer(const IngestRequest& request, const redis::Reply& reply,
                                   base::EventTime now);
    std::string too_many_nodes() const;
    base::Status kept_promise(const redis::Reply& settings);
    base::Status passed_barrier(const redis::Reply& reply);

    redis::Client& client_;
    const base::Clock& clock_;
    RedisStoreOptions options_;
    std::string lineage_;

    std::optional<std::uint64_t> checked_session_;
    std::string trusted_run_;  // Of the server, since which nothing was doubtful; or empty.
    base::Instant checked_at_{};
    ServerFacts facts_;
    std::uint64_t refused_nodes_ = 0;
};

}  // namespace bridge
