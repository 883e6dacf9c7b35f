#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "bridge/fake_redis.hpp"
#include "bridge/fake_source.hpp"
#include "bridge/redis_store.hpp"
#include "bridge/store.hpp"
#include "central/ingest/redis_source.hpp"
#include "redis/client.hpp"
#include "support/manual_clock.hpp"
#include "support/servers.hpp"

namespace simulation {

struct RedisWorldOptions {
    std::uint32_t partitions = 2;
    std::uint64_t cap = 1'000'000;
    std::uint64_t seed = 1;
};

/// The Redis of a world, which dies and is emptied on demand.
class RedisWorld {
  public:
    virtual ~RedisWorld() = default;

    /// For one bridge. Fails once at the point that fail_next() has named.
    virtual std::unique_ptr<bridge::Store> store() = 0;
    virtual ingest::Source& source() = 0;

    /// Its machine loses the power, and it is away until start().
    virtual void crash() = 0;
    virtual void start() = 0;
    virtual bool is_up() const = 0;
    virtual void empty() = 0;
    virtual void fail_next(fake::FailPoint point) = 0;

    /// What is stored of a node's incarnation: the last number.
    virtual std::uint64_t durable(const std::string& node, wire::Incarnation incarnation) = 0;
};

/// A model in memory, fast and the same for the same seed.
class ModelOfRedis final : public RedisWorld {
  public:
    ModelOfRedis(const support::ManualClock& clock, const RedisWorldOptions& options);

    std::unique_ptr<bridge::Store> store() override;
    ingest::Source& source() override { return source_; }
    void crash() override;
    void start() override { redis_.fail(std::nullopt); }
    bool is_up() const override { return !redis_.failure(); }
    void empty() override { redis_.flush_all(); }
    void fail_next(fake::FailPoint point) override { redis_.fail_next(point); }
    std::uint64_t durable(const std::string& node, wire::Incarnation incarnation) override;

  private:
    const support::ManualClock& clock_;
    fake::Redis redis_;
    fake::FakeSource source_;
};

/// A real server with leat.lua, as the bridge and central use it. A crash is a kill -9.
class RealRedis final : public RedisWorld {
  public:
    RealRedis(const support::ManualClock& clock, const RedisWorldOptions& options);

    std::unique_ptr<bridge::Store> store() override;
    ingest::Source& source() override { return source_; }
    void crash() override;
    void start() override;
    bool is_up() const override { return is_up_; }
    void empty() override;
    void fail_next(fake::FailPoint point) override { fail_point_ = point; }
    std::uint64_t durable(const std::string& node, wire::Incarnation incarnation) override;

  private:
    redis::ClientOptions client_options() const;

    const support::ManualClock& clock_;
    RedisWorldOptions options_;
    support::RedisServer server_;
    redis::Client client_;
    ingest::RedisSource source_;
    bool is_up_ = true;
    std::optional<fake::FailPoint> fail_point_;
};

}  // namespace simulation
