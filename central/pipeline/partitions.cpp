#include "central/pipeline/partitions.hpp"

#include <algorithm>

#include "base/ensure.hpp"

namespace central {

namespace {

constexpr const char* kBeginning = "0-0";

}  // namespace

std::vector<ingest::Position> positions_of(const std::vector<Partition*>& partitions) {
    std::vector<ingest::Position> positions;
    for (const auto* one : partitions) positions.push_back({one->state.partition, one->position});
    return positions;
}

bool Partition::follow(const std::string& lineage) {
    if (state.lineage == lineage) return false;
    const bool was_of_another = !state.lineage.empty();
    if (was_of_another) start_again();
    state.lineage = lineage;
    changed = true;
    return was_of_another;
}

void Partition::start_again() {
    position = state.cursor = kBeginning;
    changed = true;
    rescan.reset();
}

void Partition::start_rescan(const std::string& trigger) {
    start_again();
    rescan = Rescan{.trigger = trigger, .holes = {}};
}

void Partition::move_to(const std::string& id) {
    position = id;
    changed = true;
    if (!rescan) state.cursor = id;
}

void Partitions::add(const sinks::Loaded& loaded) {
    ENSURE(!is_complete());
    Partition partition;
    partition.state = loaded.state;
    partition.position = loaded.state.cursor;
    // Whether the source knows them is not certain: a crash may have come in between.
    for (const auto& mark : loaded.marks) partition.settling.add(mark);
    partitions_.push_back(std::move(partition));
}

const Partition* Partitions::blocked() const {
    const auto found = std::find_if(partitions_.begin(), partitions_.end(),
                                    [](const Partition& one) { return one.blockage.has_value(); });
    return found == partitions_.end() ? nullptr : &*found;
}

std::vector<Partition*> Partitions::in_turn(base::Instant now) {
    std::vector<Partition*> open;
    for (std::size_t i = 0; i < partitions_.size(); ++i) {
        auto& partition = partitions_[(turn_ + i) % partitions_.size()];
        if (!partition.is_blocked(now)) open.push_back(&partition);
    }
    return open;
}

std::vector<ingest::Settlement> Partitions::due(base::Duration every, base::Instant now) {
    std::vector<ingest::Settlement> due;
    for (auto& partition : partitions_) {
        if (partition.is_blocked(now)) continue;
        auto next = partition.settling.next(partition.state, every, now);
        if (next) due.push_back(*std::move(next));
    }
    return due;
}

Partition& Partitions::of(const std::string& node) {
    return partitions_[wire::partition_of(node, count_)];
}

}  // namespace central
