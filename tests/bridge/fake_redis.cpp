#include "bridge/fake_redis.hpp"

#include <fmt/format.h>

#include "base/ensure.hpp"

namespace fake {

Redis::Redis(RedisOptions options) : options_(options), random_(options.seed) {
    flush_all();
}

void Redis::crash() {
    live_ = on_disk_;
    journal_.clear();
}

void Redis::flush_all() {
    lineage_ = fmt::format("{:016x}{:016x}", random_.next(), random_.next());
    live_.assign(options_.partitions, Partition{});
    on_disk_ = live_;
    journal_.clear();
}

std::optional<FailPoint> Redis::take_fail_point() {
    auto point = fail_point_;
    fail_point_.reset();
    return point;
}

void Redis::write(std::uint32_t partition, const Write& write) {
    write(live_.at(partition));
    journal_.push_back({.partition = partition, .write = write});
}

void Redis::barrier() {
    for (const auto& entry : journal_) entry.write(on_disk_.at(entry.partition));
    journal_.clear();
}

std::uint32_t Redis::partition_of(const std::string& node) const {
    return wire::partition_of(node, options_.partitions);
}

std::size_t Redis::nodes() const {
    std::size_t nodes = 0;
    for (const auto& partition : live_) nodes += partition.nodes();
    return nodes;
}

std::size_t Redis::entries() const {
    std::size_t entries = 0;
    for (const auto& partition : live_) entries += partition.entries();
    return entries;
}

std::uint64_t Redis::counter(const std::string& node, const std::string& name) const {
    return live_.at(partition_of(node)).counter(node, name);
}

}  // namespace fake
