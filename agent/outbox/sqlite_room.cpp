// How the store makes room for a flush: what is settled goes, then the oldest is thinned, and in
// the end evicted.

#include <algorithm>

#include "agent/outbox/sqlite_store.hpp"
#include "agent/outbox/thinning.hpp"
#include "base/ensure.hpp"

namespace agent {

namespace {

using base::Done;
using base::Result;
using base::Status;

constexpr std::uint64_t kStride = 256;       // Settled records deleted at once.
constexpr std::uint64_t kEvictedShare = 64;  // Eviction frees at least this part of the quota.

}  // namespace

/// Everything up to there goes. When that is all before the hole, there is no hole any more.
Status SqliteOutbox::Store::erase_upto(std::uint64_t seq, const wire::ChainHash& hash) {
    ENSURE(seq > ends_.before_seq);
    auto lowest = std::pair{seq, hash};
    if (ends_.hole && seq >= ends_.hole->after) {
        if (seq < ends_.hole->upto) lowest = {ends_.hole->upto, ends_.hole_hash};
        if (auto none = records_->forget_hole(); !none) return none;
        ends_.hole.reset();
        ends_.hole_hash = {};
    }
    if (auto erased = records_->erase_upto(lowest.first, lowest.second); !erased) return erased;
    std::tie(ends_.before_seq, ends_.before_hash) = lowest;
    return Done{};
}

/// Lazily: a stride at a time when the retained share is used up, more only when room is needed.
Status SqliteOutbox::Store::delete_settled(std::uint64_t settled, std::uint64_t pages_needed) {
    const auto pages_max = options_.quota / Database::kPageBytes;
    const auto line = pages_max * options_.retained_percent / 100;
    const auto newest = ends_.head;  // Stays for ever: it carries the next number.
    const auto upto_max = newest == 0 ? 0 : std::min(settled, newest - 1);
    for (bool first = true;; first = false) {
        if (upto_max <= ends_.before_seq) return Done{};
        const auto used = records_->pages_used();
        if (!used) return used.error();
        const bool full = used.value() + pages_needed > pages_max;
        if (!full && (!first || used.value() <= line)) return Done{};
        auto upto = std::min(upto_max, ends_.before_seq + kStride);
        if (ends_.hole && upto > ends_.hole->after) upto = ends_.hole->after;
        const auto hash = records_->hash_of(upto);
        if (!hash) return hash.error();
        ENSURE(hash.value());
        if (auto erased = erase_upto(upto, *hash.value()); !erased) return erased;
    }
}

/// A pass when it is due, more only when room is needed.
Status SqliteOutbox::Store::thin(std::uint64_t pages_needed) {
    if (!options_.thin) return Done{};
    const auto pages_max = options_.quota / Database::kPageBytes;
    for (unsigned passes = 0; passes < thinning::kPassesMax; ++passes) {
        const auto used = records_->pages_used();
        if (!used) return used.error();
        const bool full = used.value() + pages_needed > pages_max;
        due_ = thinning::is_due(due_, used.value(), pages_max);
        if (!full && (!due_ || passes > 0)) return Done{};
        const auto done = thin_once();
        if (!done) return done.error();
        if (!done.value()) return Done{};
    }
    return Done{};
}

/// False when there is nothing to thin. What may have been sent stays where it is, with a hole
/// above it; only one: while a part of that is above an older hole, nothing is thinned.
Result<bool> SqliteOutbox::Store::thin_once() {
    const auto before = std::max({sent_, ends_.before_seq, ends_.hole ? ends_.hole->upto : 0});
    if (ends_.hole && sent_ > ends_.hole->upto) return false;
    if (!inventory_) {
        auto inventory = records_->inventory_after(before);
        if (!inventory) return inventory.error();
        inventory_ = std::move(inventory).value();
    }
    const auto stride = thinning::stride(options_.quota);
    if (inventory_->bytes() < thinning::bytes_min(options_.quota)) return false;
    Thinning pass{*inventory_};
    auto upto = before;
    wire::ChainHash hash;
    for (std::uint64_t bytes = 0; bytes < stride;) {
        const auto row = records_->first_after(upto);
        if (!row) return row.error();
        ENSURE(row.value());
        const auto& [record, content, total, detail] = *row.value();
        pass.take(record.seq, detail, content, record.line);
        upto = record.seq;
        hash = record.hash;
        bytes += record.line.size();
    }
    if (auto erased = erase_thinned(before, upto, hash); !erased) return erased.error();
    for (auto& line : pass.lines()) {
        auto pushed = push(std::move(line.line), line.content, line.detail);
        if (!pushed) return pushed.error();
    }
    thinned_ += pass.thinned();
    evicted_ += pass.evicted();
    return true;
}

Status SqliteOutbox::Store::erase_thinned(std::uint64_t before, std::uint64_t upto,
                                          const wire::ChainHash& hash) {
    // What this process never sent may have been reserved all the same: it is not any more.
    if (ends_.reserved > sent_) {
        if (auto set = records_->set_reserved(sent_); !set) return set;
        ends_.reserved = sent_;
    }
    if (before == ends_.before_seq) return erase_upto(upto, hash);
    const Hole hole{.after = ends_.hole ? ends_.hole->after : before, .upto = upto};
    if (auto erased = records_->erase_hole(hole, hash); !erased) return erased;
    ends_.hole = hole;
    ends_.hole_hash = hash;
    return Done{};
}

/// When nothing settled is left to delete: the oldest go, and the caller declares them.
Result<Removal> SqliteOutbox::Store::evict(std::uint64_t pages_needed) {
    const auto pages_max = options_.quota / Database::kPageBytes;
    Removal evicted{wire::GapReason::evicted};
    for (auto wanted = pages_needed;;) {
        const auto used = records_->pages_used();
        if (!used) return used.error();
        if (used.value() + wanted <= pages_max || ends_.before_seq + 1 >= ends_.head) {
            return evicted;
        }
        wanted = pages_needed + pages_max / kEvictedShare;  // Not one by one from now on.
        const auto oldest = records_->first_after(ends_.before_seq);
        if (!oldest) return oldest.error();
        ENSURE(oldest.value());
        const auto& [record, content, total, detail] = *oldest.value();
        evicted.add(record.seq, content, record.line);
        if (record.seq > sent_) inventory_.reset();
        if (auto erased = erase_upto(record.seq, record.hash); !erased) return erased.error();
    }
}

}  // namespace agent
