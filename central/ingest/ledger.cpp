#include "central/ingest/ledger.hpp"

#include "base/ensure.hpp"

namespace ingest {

void Ledger::restore(const std::vector<AppliedMark>& marks, const std::vector<AppliedMark>& ahead) {
    for (const auto& mark : marks) standing(mark.node, mark.incarnation).mark = mark.mark;
    for (const auto& mark : ahead) standing(mark.node, mark.incarnation).ahead.insert(mark.mark);
}

Verdict Ledger::decide(const Entry& entry) const {
    const auto* known = find(entry.node, entry.incarnation);
    const auto reached = known == nullptr ? wire::Mark{} : known->mark;
    if (entry.gap_to != 0) {
        if (entry.gap_to <= reached.seq) return Verdict::duplicate;
        return entry.seq <= reached.seq + 1 ? Verdict::lost : Verdict::hole;
    }
    if (entry.seq < reached.seq) return Verdict::duplicate;
    if (entry.seq == reached.seq) {
        return entry.hash == reached.hash ? Verdict::duplicate : Verdict::conflict;
    }
    if (entry.seq > reached.seq + 1) return Verdict::hole;
    const bool came_forked =
        known != nullptr && known->ahead.contains({.seq = entry.seq, .hash = entry.hash});
    return came_forked ? Verdict::duplicate : Verdict::apply;
}

OriginVerdict Ledger::weigh(const std::string& node, const wire::Origin& origin,
                            const TailAnswer& tail) const {
    const wire::Mark place{.seq = origin.seq, .hash = origin.hash};
    const bool just_now =
        recent_origins_.contains({.node = node, .incarnation = origin.incarnation, .mark = place});
    if (tail.same || just_now) return OriginVerdict::duplicate;
    if (tail.other) return OriginVerdict::fresh;
    const auto reached = mark(node, origin.incarnation).seq;
    // The tail knows everything that was applied within it. What it lacks was declared lost.
    if (origin.seq > reached || reached - origin.seq < kTailRecords) return OriginVerdict::fresh;
    return OriginVerdict::suspect;
}

void Ledger::mark_applied(const Entry& entry, const std::optional<wire::Origin>& origin) {
    ENSURE(decide(entry) == Verdict::apply);
    raise(entry, entry.seq);
    const AppliedMark place{.node = entry.node,
                            .incarnation = entry.incarnation,
                            .mark = {.seq = entry.seq, .hash = entry.hash}};
    recent_origins_.insert(place);
    tail_.push_back(place);
    if (!origin || !may_keep(entry.node, origin->incarnation)) return;
    const wire::Mark old{.seq = origin->seq, .hash = origin->hash};
    tail_.push_back({.node = entry.node, .incarnation = origin->incarnation, .mark = old});
    recent_origins_.insert(tail_.back());
    auto& before = standing(entry.node, origin->incarnation);
    if (old.seq > before.mark.seq) before.ahead.insert(old);
}

/// A node forks rarely. When it names ever new origins it is not believed: its records count, and
/// their origins are ignored.
bool Ledger::may_keep(const std::string& node, wire::Incarnation incarnation) const {
    if (find(node, incarnation) != nullptr) return true;
    std::size_t known = 0;
    for (auto at = standings_.lower_bound(Key{node, {}});
         at != standings_.end() && at->first.first == node; ++at) {
        ++known;
    }
    return known < kIncarnationsMax;
}

void Ledger::mark_passed(const Entry& entry) {
    raise(entry, entry.gap_to != 0 ? entry.gap_to : entry.seq);
}

void Ledger::raise(const Entry& entry, std::uint64_t seq) {
    const auto [place, fresh] =
        standings_.try_emplace(Key{entry.node, entry.incarnation}, Standing{});
    auto& standing = place->second;
    ENSURE(seq > standing.mark.seq);
    standing.mark = {.seq = seq, .hash = entry.hash};
    auto& ahead = standing.ahead;
    while (!ahead.empty() && ahead.begin()->seq <= seq) ahead.erase(ahead.begin());
    if (!standing.changed) changed_.push_back(&place->first);
    standing.changed = true;
}

wire::Mark Ledger::mark(const std::string& node, wire::Incarnation incarnation) const {
    const auto* known = find(node, incarnation);
    return known == nullptr ? wire::Mark{} : known->mark;
}

std::vector<AppliedMark> Ledger::marks() const {
    std::vector<AppliedMark> all;
    for (const auto& [key, standing] : standings_) {
        if (standing.mark.seq == 0) continue;
        all.push_back({.node = key.first, .incarnation = key.second, .mark = standing.mark});
    }
    return all;
}

Ledger::Advance Ledger::take_advance() {
    Advance advance;
    for (const auto* key : changed_) {
        auto& standing = standings_.at(*key);
        standing.changed = false;
        advance.marks.push_back(
            {.node = key->first, .incarnation = key->second, .mark = standing.mark});
    }
    changed_.clear();
    advance.tail = std::move(tail_);
    tail_.clear();
    recent_origins_.clear();
    return advance;
}

void Ledger::forget() {
    standings_.clear();
    recent_origins_.clear();
    tail_.clear();
    changed_.clear();
}

Ledger::Standing& Ledger::standing(const std::string& node, wire::Incarnation incarnation) {
    return standings_[Key{node, incarnation}];
}

const Ledger::Standing* Ledger::find(const std::string& node, wire::Incarnation incarnation) const {
    const auto known = standings_.find({node, incarnation});
    return known == standings_.end() ? nullptr : &known->second;
}

}  // namespace ingest
