#include "central/pipeline/settling.hpp"

namespace central {

namespace {

constexpr std::size_t kMarksPerCall = 1'000;

}  // namespace

void Settling::add(const ingest::AppliedMark& mark) {
    marks_[{mark.node, mark.incarnation}] = mark.mark;
}

std::optional<ingest::Settlement> Settling::next(const sinks::PartitionState& committed,
                                                 base::Duration every, base::Instant now) {
    if (settled_at_ && now - *settled_at_ < every) return std::nullopt;
    settled_at_.reset();
    ingest::Settlement settlement{
        .partition = committed.partition, .cursor = committed.cursor, .marks = {}};
    for (const auto& [chronicle, mark] : marks_) {
        if (settlement.marks.size() == kMarksPerCall) break;
        settlement.marks.push_back(
            {.node = chronicle.first, .incarnation = chronicle.second, .mark = mark});
    }
    return settlement;
}

void Settling::note_settled(const ingest::Settlement& settled, base::Instant now) {
    for (const auto& mark : settled.marks) marks_.erase({mark.node, mark.incarnation});
    if (marks_.empty()) settled_at_ = now;
}

}  // namespace central
