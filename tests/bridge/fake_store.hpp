#pragma once

#include "base/clock.hpp"
#include "bridge/fake_redis.hpp"
#include "bridge/store.hpp"

namespace fake {

/// Store over a fake Redis: the same answers as bridge::RedisStore, without a server.
class FakeStore final : public bridge::Store {
  public:
    FakeStore(Redis& redis, const base::Clock& clock) : redis_(redis), clock_(clock) {}

    base::Result<std::vector<wire::Ack>> ingest(
        const std::vector<bridge::IngestRequest>& requests) override;
    base::Status check() override;
    base::Status bury(const bridge::DeadLetter& letter) override;
    std::uint64_t refused_nodes() const override { return refused_nodes_; }

  private:
    Redis& redis_;
    const base::Clock& clock_;
    std::uint64_t refused_nodes_ = 0;
};

}  // namespace fake
