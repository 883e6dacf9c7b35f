#include "central/pipeline/partitions.hpp"

#include <algorithm>

#include "base/ensure.hpp"

namespace central {

namespace {

constexpr const char* kBeginning = "0-0";

}  // namespace

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

Partition& Partitions::of(const std::string& node) {
    return partitions_[wire::partition_of(node, count_)];
}

}  // namespace central
