#include "central/pipeline/settling.hpp"

namespace central {

namespace {

constexpr std::size_t kMarksPerCall = 1'000;

}  // namespace

void Settling::add(const ingest::AppliedMark& mark) {
    marks_[{mark.node, mark.incarnation}] = mark.mark;
}

base::Status Settling::settle(ingest::Source& source, const sinks::PartitionState& committed,
                              base::Duration every, base::Instant now) {
    if (settled_at_ && now - *settled_at_ < every) return base::Done{};
    settled_at_.reset();
    do {
        const auto marks = next_marks();
        auto settled = source.settle(committed.partition, committed.cursor, marks);
        if (!settled) return settled;
        for (const auto& mark : marks) marks_.erase({mark.node, mark.incarnation});
    } while (!marks_.empty());
    settled_at_ = now;
    return base::Done{};
}

/// As many marks as one call to the source may carry.
std::vector<ingest::AppliedMark> Settling::next_marks() const {
    std::vector<ingest::AppliedMark> next;
    for (const auto& [chronicle, mark] : marks_) {
        if (next.size() == kMarksPerCall) break;
        next.push_back({.node = chronicle.first, .incarnation = chronicle.second, .mark = mark});
    }
    return next;
}

}  // namespace central
