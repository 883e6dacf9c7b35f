#include "delivery/outbox/sqlite_room.hpp"

#include <algorithm>

#include "base/ensure.hpp"
#include "delivery/outbox/removal.hpp"
#include "delivery/outbox/sqlite_setup.hpp"
#include "delivery/outbox/thinning.hpp"

namespace delivery {

using base::Done;
using base::Result;
using base::Status;

namespace {

constexpr std::uint64_t kStride = 256;       // Settled records deleted at once.
constexpr std::uint64_t kEvictedShare = 64;  // Eviction frees at least this part of the quota.

}  // namespace

/// What is stored, and how many pages of room are wanted.
struct SqliteRoom::Need {
    SqliteChain& chain;
    SqliteRecords& records;
    std::uint64_t pages;
};

SqliteRoom::SqliteRoom(const SqliteOutboxOptions& options)
    : quota_(options.quota),
      pages_max_(options.quota / kPageBytes),
      pages_retained_(pages_max_ * options.retained_percent / 100),
      can_thin_(options.thin) {}

Status SqliteRoom::make(SqliteChain& chain, SqliteRecords& records, std::uint64_t settled,
                        std::uint64_t pages_needed) {
    const Need need{.chain = chain, .records = records, .pages = pages_needed};
    if (auto deleted = delete_settled(need, settled); !deleted) return deleted;
    if (auto thinned = thin(need); !thinned) return thinned;
    return evict(need);
}

/// Deletes lazily: a stride at a time when the retained share is used up, more only when room is
/// needed.
Status SqliteRoom::delete_settled(const Need& need, std::uint64_t settled) {
    const auto& ends = need.chain.ends();
    const auto newest = ends.head;  // Stays for ever: it carries the next number.
    const auto upto_max = newest == 0 ? 0 : std::min(settled, newest - 1);
    for (bool is_first = true; upto_max > ends.before_seq; is_first = false) {
        const auto used = need.records.pages_used();
        if (!used) return used.error();
        const bool is_full = used.value() + need.pages > pages_max_;
        if (!is_full && (!is_first || used.value() <= pages_retained_)) return Done{};
        auto upto = std::min(upto_max, ends.before_seq + kStride);
        if (ends.hole && upto > ends.hole->after) upto = ends.hole->after;
        const auto hash = need.records.hash_of(upto);
        if (!hash) return hash.error();
        ENSURE(hash.value());
        if (auto erased = need.chain.erase_upto(upto, *hash.value()); !erased) return erased;
    }
    return Done{};
}

/// One pass when it is due, more only when room is needed.
Status SqliteRoom::thin(const Need& need) {
    if (!can_thin_) return Done{};
    for (unsigned passes = 0; passes < thinning::kPassesMax; ++passes) {
        const auto used = need.records.pages_used();
        if (!used) return used.error();
        const bool is_full = used.value() + need.pages > pages_max_;
        is_thinning_due_ = thinning::is_due(is_thinning_due_, used.value(), pages_max_);
        if (!is_full && (!is_thinning_due_ || passes > 0)) return Done{};
        const auto done = thin_once(need.chain, need.records);
        if (!done) return done.error();
        if (!done.value()) return Done{};
    }
    return Done{};
}

/// False when there is nothing to thin. What may have been sent stays where it is, with a hole
/// above it.
Result<bool> SqliteRoom::thin_once(SqliteChain& chain, SqliteRecords& records) {
    const auto before = chain.thinnable_after();
    if (!before) return false;
    const auto thinnable = chain.thinnable();
    if (!thinnable) return thinnable.error();
    auto& inventory = *thinnable.value();
    if (inventory.bytes() < thinning::bytes_min(quota_)) return false;
    Thinning pass{inventory};
    auto upto = *before;
    wire::ChainHash hash;
    for (std::uint64_t bytes = 0; bytes < thinning::stride(quota_);) {
        const auto row = records.first_after(upto);
        if (!row) return row.error();
        ENSURE(row.value());
        const auto& [record, content, total, detail] = *row.value();
        pass.accept(record.seq, detail, content, record.line);
        upto = record.seq;
        hash = record.hash;
        bytes += record.line.size();
    }
    if (auto erased = chain.erase_thinned(*before, upto, hash); !erased) return erased.error();
    for (auto& line : pass.lines()) {
        auto appended = chain.append(std::move(line.line), line.content, line.detail);
        if (!appended) return appended.error();
    }
    thinned_ += pass.thinned();
    evicted_ += pass.evicted();
    return true;
}

/// When nothing settled is left to delete.
Status SqliteRoom::evict(const Need& need) {
    const auto& ends = need.chain.ends();
    Removal evicted{wire::GapReason::evicted};
    for (auto wanted = need.pages; ends.before_seq + 1 < ends.head;) {
        const auto used = need.records.pages_used();
        if (!used) return used.error();
        if (used.value() + wanted <= pages_max_) break;
        wanted = need.pages + pages_max_ / kEvictedShare;  // Not one by one from now on.
        const auto oldest = need.records.first_after(ends.before_seq);
        if (!oldest) return oldest.error();
        ENSURE(oldest.value());
        const auto& [record, content, total, detail] = *oldest.value();
        evicted.add(record.seq, content, record.line);
        if (auto erased = need.chain.erase_upto(record.seq, record.hash); !erased) return erased;
    }
    if (evicted.records() == 0) return Done{};
    evicted_ += evicted.records();
    return need.chain.append(evicted.line(), evicted.content(), Detail::quarters);
}

}  // namespace delivery
