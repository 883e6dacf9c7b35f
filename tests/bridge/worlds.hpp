#pragma once

#include <string>

#include "base/random.hpp"
#include "bridge/fake_redis.hpp"
#include "bridge/fake_source.hpp"
#include "bridge/fake_store.hpp"
#include "bridge/redis_store.hpp"
#include "central/ingest/redis_source.hpp"
#include "redis/client.hpp"
#include "support/manual_clock.hpp"
#include "support/servers.hpp"

namespace bridge_test {

/// A store and two sinks' sources over the same fake memory.
class FakeWorld {
  public:
    explicit FakeWorld(std::uint64_t cap = 1'000'000, std::size_t nodes_max = 10'000) {
        redis_.set_cap(cap);
        redis_.set_nodes_max(nodes_max);
    }
    bool knows(const std::string& node) const {
        return redis_.partition(partition_of(node)).knows(node);
    }

    std::uint64_t counter(const std::string& node, const std::string& name) const {
        return redis_.counter(node, name);
    }
    std::uint32_t partition_of(const std::string& node) const { return redis_.partition_of(node); }
    void flush_all() { redis_.flush_all(); }

  private:
    fake::Redis redis_;

  public:
    support::ManualClock clock;
    fake::FakeStore store{redis_, clock};
    fake::FakeSource source{redis_, "sqlite"};
    fake::FakeSource other_source{redis_, "lake"};
};

/// The same over a real server, which all worlds of one executable share, one after the other.
class RealWorld {
  public:
    explicit RealWorld(std::uint64_t cap = 1'000'000, std::size_t nodes_max = 10'000)
        : client_(client_options()), store(client_, clock, store_options(cap, nodes_max), "first") {
        flush_all();
        ENSURE(store.check());
    }
    bool knows(const std::string& node) {
        return client_.run_one({"EXISTS", key(node, "node:" + node)}).value().integer == 1;
    }

    std::uint64_t counter(const std::string& node, const std::string& name) {
        const auto reply = client_.run_one({"HGET", key(node, "node:" + node), name});
        return reply && !reply.value().text.empty() ? std::stoull(reply.value().text) : 0;
    }
    std::uint32_t partition_of(const std::string& node) const {
        return wire::partition_of(node, kPartitions);
    }
    void flush_all() { ENSURE(client_.run_one({"FLUSHALL"})); }

    static support::RedisServer& server() {
        static support::RedisServer server;
        return server;
    }
    static redis::ClientOptions client_options() {
        redis::ClientOptions options;
        options.port = server().port();
        return options;
    }
    redis::Client& client() { return client_; }
    std::string key(const std::string& node, const std::string& leaf) const {
        return "leat:{" + std::to_string(partition_of(node)) + "}:" + leaf;
    }

  private:
    static constexpr std::uint32_t kPartitions = 16;

    static bridge::RedisStoreOptions store_options(std::uint64_t cap, std::size_t nodes_max) {
        bridge::RedisStoreOptions options;
        options.partitions = kPartitions;
        options.cap = cap;
        options.nodes_max = nodes_max;
        return options;
    }
    static std::string new_lineage() { return std::to_string(base::entropy()); }

    redis::Client client_;

  public:
    support::ManualClock clock;
    bridge::RedisStore store;
    ingest::RedisSource source{client_, "sqlite", new_lineage()};
    ingest::RedisSource other_source{client_, "lake", new_lineage()};
};

}  // namespace bridge_test
