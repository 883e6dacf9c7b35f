#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/counters.hpp"
#include "bridge/bridge.hpp"
#include "central/pipeline/pipeline.hpp"
#include "central/sinks/opening.hpp"
#include "simulation/lossy_broker.hpp"
#include "simulation/redis_world.hpp"
#include "support/manual_clock.hpp"

namespace simulation {

enum class RedisKind { model, real };

/// The centre: the real bridge logic over a model of Redis or a real one, the real pipeline, engine
/// and SQLite sink. Its parts die and come back.
class Centre {
  public:
    Centre(LossyBroker& relay, const support::ManualClock& clock, std::string database,
           base::Random& random, std::vector<base::Duration> spans = engine::EngineOptions{}.spans,
           RedisKind redis = RedisKind::model);

    void tick();

    void crash_bridge(std::size_t index);
    void start_bridge(std::size_t index);
    /// Central dies between two steps or in the middle of one: what was not committed is gone.
    void crash_central();
    void start_central();
    /// Redis loses its power: what no barrier covered is gone. When it is back, checks that no
    /// acknowledgement lied.
    void crash_redis() { redis_->crash(); }
    /// Redis is emptied: another lineage. Records that were only durable are lost there.
    void empty_redis();
    void start_redis();

    RedisWorld& redis() { return *redis_; }
    bool bridge_up(std::size_t index) const { return bridges_.at(index) != nullptr; }
    bool central_up() const { return pipeline_ != nullptr; }
    bool redis_up() const { return redis_->is_up(); }
    std::size_t bridges() const { return bridges_.size(); }
    const std::string& database() const { return database_; }

    /// Called for each acknowledgement published, so that what it says can be checked later.
    void note_acknowledgement(const broker::Outgoing& message);

    /// The promise that was broken, in words; empty while all were kept.
    const std::string& broken() const { return broken_; }

  private:
    struct BridgeParts {
        std::unique_ptr<SimulatedConnection> connection;
        std::unique_ptr<bridge::Store> store;
        std::unique_ptr<bridge::Bridge> bridge;
    };
    using Promise = std::map<std::pair<std::string, std::uint64_t>, wire::Ack>;

    void check_durable_promises();
    void check_applied_promises();

    LossyBroker& relay_;
    const support::ManualClock& clock_;
    std::string database_;
    std::vector<base::Duration> spans_;
    base::Random& random_;
    std::unique_ptr<RedisWorld> redis_;
    std::vector<std::unique_ptr<BridgeParts>> bridges_;
    std::unique_ptr<base::Counters> counters_;
    std::unique_ptr<sinks::DatabaseSink> sink_;
    std::unique_ptr<central::Pipeline> pipeline_;
    Promise promises_;  // (node, incarnation) → the highest marks acknowledged.
    // A bridge may still hold acknowledgements for what went then.
    std::optional<base::EventTime> emptied_at_;
    std::string broken_;
};

}  // namespace simulation
