#include "simulation/centre.hpp"

#include <fmt/format.h>

#include "base/ensure.hpp"
#include "central/database/place.hpp"
#include "central/sinks/database_query.hpp"
#include "wire/topic.hpp"

namespace simulation {

namespace {

constexpr std::size_t kBridges = 2;
constexpr std::uint32_t kPartitions = 2;

std::unique_ptr<RedisWorld> make_redis(RedisKind kind, const support::ManualClock& clock,
                                       base::Random& random) {
    const auto cap = 70 + random.below(500);
    const RedisWorldOptions options{.partitions = kPartitions, .cap = cap, .seed = random.next()};
    if (kind == RedisKind::real) return std::make_unique<RealRedis>(clock, options);
    return std::make_unique<ModelOfRedis>(clock, options);
}

}  // namespace

Centre::Centre(LossyBroker& relay, const support::ManualClock& clock, std::string database,
               base::Random& random, std::vector<base::Duration> spans, RedisKind redis)
    : relay_(relay),
      clock_(clock),
      database_(std::move(database)),
      spans_(std::move(spans)),
      random_(random),
      redis_(make_redis(redis, clock, random)),
      bridges_(kBridges) {
    for (std::size_t i = 0; i < kBridges; ++i) start_bridge(i);
    start_central();
}

void Centre::tick() {
    for (auto& parts : bridges_) {
        if (!parts) continue;
        parts->connection->tick(clock_.instant());
        ENSURE(parts->bridge->tick(clock_.instant()));
    }
    if (pipeline_) pipeline_->tick(clock_.instant());
}

void Centre::crash_bridge(std::size_t index) {
    bridges_.at(index).reset();
}

void Centre::start_bridge(std::size_t index) {
    auto parts = std::make_unique<BridgeParts>();
    parts->connection = std::make_unique<SimulatedConnection>(
        relay_, std::vector<std::string>{wire::Topics{}.shared_data_filter()});
    parts->store = redis_->store();
    parts->bridge = std::make_unique<bridge::Bridge>(
        bridge::BridgeOptions{.id = fmt::format("bridge-{}", index), .version = "simulated"},
        *parts->connection, *parts->store, clock_, random_.next());
    bridges_.at(index) = std::move(parts);
}

void Centre::crash_central() {
    pipeline_.reset();
    sink_.reset();
    check_applied_promises();
}

void Centre::start_central() {
    counters_ = std::make_unique<base::Counters>();
    auto sink = sinks::open_sink({.path = central_test::place(database_), .spans = spans_});
    ENSURE(sink);
    sink_ = std::move(sink).value();
    central::PipelineOptions options;
    options.partitions = kPartitions;
    options.entries_max = 1 + random_.below(50);
    options.placed_max = 1 + random_.below(5);
    pipeline_ =
        std::make_unique<central::Pipeline>(options, engine::EngineOptions{.spans = spans_},
                                            redis_->source(), *sink_, *counters_, random_.next());
}

void Centre::start_redis() {
    const bool was_down = !redis_->is_up();
    redis_->start();
    if (was_down) check_durable_promises();
}

void Centre::empty_redis() {
    redis_->empty();
    emptied_at_ = clock_.event_time();
    for (auto& [key, promise] : promises_) promise.durable = {};
}

void Centre::note_acknowledgement(const broker::Outgoing& message) {
    const auto topic = wire::Topics{}.parse(message.topic);
    if (!topic || topic->leaf != "ack") return;
    const auto ack = wire::decode_ack(message.payload);
    ENSURE(ack);
    auto& promise = promises_[{topic->node, ack.value().incarnation.bits}];
    const bool is_of_this_redis = !emptied_at_ || ack.value().now > *emptied_at_;
    if (is_of_this_redis && ack.value().durable.seq > promise.durable.seq) {
        promise.durable = ack.value().durable;
    }
    if (ack.value().applied && (!promise.applied || *ack.value().applied > *promise.applied)) {
        promise.applied = ack.value().applied;
    }
}

/// d must be on disk: after a crash Redis still has it.
void Centre::check_durable_promises() {
    for (const auto& [key, promise] : promises_) {
        const auto& [node, incarnation] = key;
        const auto stored = redis_->durable(node, {incarnation});
        if (stored >= promise.durable.seq) continue;
        broken_ = fmt::format("{}: acknowledged as durable up to {}, Redis has {}", node,
                              promise.durable.seq, stored);
    }
}

/// a must be committed: after a crash of central the database still has it.
void Centre::check_applied_promises() {
    auto query = sinks::DatabaseQuery::open(central_test::place(database_));
    ENSURE(query);
    const auto rows = query.value()->nodes();
    ENSURE(rows);
    for (const auto& [key, promise] : promises_) {
        if (!promise.applied || promise.applied->seq == 0) continue;
        bool kept = false;
        for (const auto& row : rows.value()) {
            if (row.node != key.first) continue;
            kept = row.incarnation.bits != key.second || row.applied.seq >= promise.applied->seq;
        }
        if (kept) continue;
        broken_ = fmt::format("{}: acknowledged as applied up to {}, the database has less",
                              key.first, promise.applied->seq);
    }
}

}  // namespace simulation
