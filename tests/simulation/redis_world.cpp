#include "simulation/redis_world.hpp"

#include <fmt/format.h>

#include "base/ensure.hpp"
#include "bridge/fake_store.hpp"

namespace simulation {

namespace {

bridge::RedisStoreOptions store_options(const RedisWorldOptions& options) {
    bridge::RedisStoreOptions store;
    store.partitions = options.partitions;
    store.cap = options.cap;
    return store;
}

/// A bridge's store over a connection of its own, whose answers may be lost. A real Redis has on
/// disk what it has answered, so it fails before or behind that.
class FragileStore final : public bridge::Store {
  public:
    FragileStore(const redis::ClientOptions& client, const base::Clock& clock,
                 const RedisWorldOptions& options, std::optional<fake::FailPoint>& fail_point)
        : client_(client),
          store_(client_, clock, store_options(options), "first"),
          fail_point_(fail_point) {}

    base::Result<std::vector<wire::Ack>> ingest(
        const std::vector<bridge::IngestRequest>& requests) override {
        const auto point = std::exchange(fail_point_, std::nullopt);
        const base::Error lost{base::Fault::transient, "the world was told to fail"};
        if (point == fake::FailPoint::before_write) return lost;
        auto acks = store_.ingest(requests);
        if (point) return lost;
        return acks;
    }
    base::Status check() override { return store_.check(); }
    std::uint64_t refused_nodes() const override { return store_.refused_nodes(); }
    base::Status bury(const bridge::DeadLetter& letter) override { return store_.bury(letter); }

  private:
    redis::Client client_;
    bridge::RedisStore store_;
    std::optional<fake::FailPoint>& fail_point_;
};

}  // namespace

ModelOfRedis::ModelOfRedis(const support::ManualClock& clock, const RedisWorldOptions& options)
    : clock_(clock),
      redis_({.partitions = options.partitions, .cap = options.cap, .seed = options.seed}),
      source_(redis_, "sqlite") {}

std::unique_ptr<bridge::Store> ModelOfRedis::store() {
    return std::make_unique<fake::FakeStore>(redis_, clock_);
}

void ModelOfRedis::crash() {
    redis_.crash();
    redis_.fail(base::Error{base::Fault::transient, "simulated: Redis is away"});
}

std::uint64_t ModelOfRedis::durable(const std::string& node, wire::Incarnation incarnation) {
    auto partition = redis_.partition(redis_.partition_of(node));  // A copy: questions are counted.
    const auto answer = partition.ingest({.node = node,
                                          .header = {.incarnation = incarnation,
                                                     .base = 1,
                                                     .count = 0,
                                                     .lowest = 1,
                                                     .before = {},
                                                     .now = {}},
                                          .lines = {},
                                          .chain = {}},
                                         clock_.event_time(), redis_.cap());
    return answer.durable.seq;
}

RealRedis::RealRedis(const support::ManualClock& clock, const RedisWorldOptions& options)
    : clock_(clock),
      options_(options),
      client_(client_options()),
      source_(client_, "sqlite", fmt::format("{:032x}", options.seed)) {}

redis::ClientOptions RealRedis::client_options() const {
    redis::ClientOptions connect;
    connect.port = server_.port();
    return connect;
}

std::unique_ptr<bridge::Store> RealRedis::store() {
    return std::make_unique<FragileStore>(client_options(), clock_, options_, fail_point_);
}

void RealRedis::crash() {
    server_.kill_hard();
    is_up_ = false;
}

void RealRedis::start() {
    if (!is_up_) server_.restart();
    is_up_ = true;
}

void RealRedis::empty() {
    auto emptied = client_.run_one({"FLUSHALL"});
    // The connection may have died with the server.
    if (!emptied) emptied = client_.run_one({"FLUSHALL"});
    ENSURE(emptied);
}

std::uint64_t RealRedis::durable(const std::string& node, wire::Incarnation incarnation) {
    const auto inc = wire::to_text(incarnation);
    const auto key =
        fmt::format("leat:{{{}}}:node:{}", wire::partition_of(node, options_.partitions), node);
    const redis::Command question{"HMGET", key, "inc", "s", "old:" + inc};
    auto reply = client_.run_one(question);
    if (!reply) reply = client_.run_one(question);
    ENSURE(reply);
    const auto& field = reply.value().items;
    ENSURE(field.size() == 3);
    const auto& number = field[0].text == inc ? field[1].text : field[2].text;  // Or "s:h:a:ha".
    return number.empty() ? 0 : std::stoull(number);
}

}  // namespace simulation
