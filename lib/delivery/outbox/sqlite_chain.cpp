#include "delivery/outbox/sqlite_chain.hpp"

#include <algorithm>
#include <tuple>

#include "base/ensure.hpp"
#include "base/log.hpp"
#include "delivery/outbox/removal.hpp"
#include "wire/record.hpp"

namespace delivery {

using base::Done;
using base::Result;
using base::Status;
using wire::ChainHash;

namespace {

constexpr std::uint64_t kReservedAhead = 256;  // Records: one more commit for this many sends.

}  // namespace

Status SqliteChain::load() {
    auto ends = records_.ends();
    if (!ends) return ends.error();
    ends_ = std::move(ends).value();
    mark_reserved_as_sent();
    return Done{};
}

void SqliteChain::restore(const ChainEnds& ends) {
    ends_ = ends;
    inventory_.reset();
}

Result<std::vector<StoredRecord>> SqliteChain::read(std::uint64_t after, std::size_t records_max,
                                                    std::size_t bytes_max) {
    std::vector<StoredRecord> records;
    std::size_t bytes = 0;
    while (records.size() < records_max) {
        auto row = records_.first_after(records.empty() ? after : records.back().seq);
        if (!row) return row.error();
        if (!row.value()) break;
        auto record = row.value()->record;
        if (!records.empty() && record.seq != records.back().seq + 1) break;  // The hole.
        const auto before =
            records.empty() ? hash_at(record.seq - 1) : std::optional{records.back().hash};
        if (!before) return before.error();
        record.damaged = before.value() && !fits(*before.value(), record);
        if (record.damaged && !records.empty()) break;
        bytes += record.line.size();
        if (!records.empty() && bytes > bytes_max) break;
        records.push_back(std::move(record));
        if (records.back().damaged) break;
    }
    return records;
}

Result<std::optional<ChainHash>> SqliteChain::hash_at(std::uint64_t seq) {
    if (seq == ends_.before_seq) return std::optional{ends_.before_hash};
    if (seq == ends_.head) return std::optional{ends_.head_hash};
    if (ends_.hole && seq == ends_.hole->upto) return std::optional{ends_.hole_hash};
    if (seq < ends_.before_seq || seq > ends_.head) return std::optional<ChainHash>{};
    return records_.hash_of(seq);
}

Result<std::uint64_t> SqliteChain::bytes_after(std::uint64_t seq) {
    if (seq >= ends_.head) return std::uint64_t{0};
    const auto& hole = ends_.hole;
    if (!hole || seq >= hole->upto) return bytes_between(seq, ends_.head);
    const auto above = bytes_between(hole->upto, ends_.head);
    if (!above || seq >= hole->after) return above;
    const auto below = bytes_between(seq, hole->after);
    if (!below) return below;
    return above.value() + below.value();
}

/// The bytes of the lines after `after` up to `upto`, between which there is no hole; 0 when they
/// are not known.
Result<std::uint64_t> SqliteChain::bytes_between(std::uint64_t after, std::uint64_t upto) {
    const auto end = records_.total_of(upto);
    if (!end) return end.error();
    if (!end.value()) return std::uint64_t{0};
    const auto begin = records_.total_of(after);
    if (!begin) return begin.error();
    if (begin.value()) return *end.value() - *begin.value();
    const auto first = records_.first_after(after);  // `after` itself is gone.
    if (!first) return first.error();
    if (!first.value()) return std::uint64_t{0};
    return *end.value() - first.value()->total + first.value()->record.line.size();
}

/// Whether the hash belongs to the line.
bool SqliteChain::fits(const ChainHash& before, const StoredRecord& record) const {
    return chain_.next(before, record.seq, record.line) == record.hash;
}

Status SqliteChain::append(std::string line, const Flush::Content& content, Detail detail) {
    const auto seq = ends_.head + 1;
    const auto hash = chain_.next(ends_.head_hash, seq, line);
    const auto total = ends_.total + line.size();
    if (inventory_) inventory_->add(seq, detail, content, line);
    auto inserted = records_.insert({.record = {.seq = seq, .hash = hash, .line = std::move(line)},
                                     .content = content,
                                     .total = total,
                                     .detail = detail});
    if (!inserted) return inserted;
    ends_.head = seq;
    ends_.head_hash = hash;
    ends_.total = total;
    return Done{};
}

Status SqliteChain::erase_upto(std::uint64_t seq, const ChainHash& hash) {
    ENSURE(seq > ends_.before_seq);
    auto lowest = std::pair{seq, hash};
    if (ends_.hole && seq >= ends_.hole->after) {
        if (seq < ends_.hole->upto) lowest = {ends_.hole->upto, ends_.hole_hash};
        if (auto forgotten = records_.forget_hole(); !forgotten) return forgotten;
        ends_.hole.reset();
        ends_.hole_hash = {};
    }
    if (lowest.first > sent_) inventory_.reset();
    if (auto erased = records_.erase_upto(lowest.first, lowest.second); !erased) return erased;
    std::tie(ends_.before_seq, ends_.before_hash) = lowest;
    return Done{};
}

Status SqliteChain::reserve(std::uint64_t upto) {
    if (upto <= ends_.reserved) return Done{};
    const auto ahead = upto + kReservedAhead;
    if (auto set = records_.set_reserved(ahead); !set) return set;
    ends_.reserved = ahead;
    return Done{};
}

void SqliteChain::mark_sent(std::uint64_t upto) {
    sent_ = upto;
    inventory_.reset();
}

void SqliteChain::mark_reserved_as_sent() {
    mark_sent(std::min(ends_.reserved, ends_.head));
}

std::optional<std::uint64_t> SqliteChain::thinnable_after() const {
    const auto hole_end = ends_.hole ? ends_.hole->upto : 0;
    if (ends_.hole && sent_ > hole_end) return std::nullopt;
    return std::max({sent_, ends_.before_seq, hole_end});
}

Result<Inventory*> SqliteChain::thinnable() {
    if (!inventory_) {
        const auto after = thinnable_after();
        ENSURE(after);
        auto inventory = records_.inventory_after(*after);
        if (!inventory) return inventory.error();
        inventory_ = std::move(inventory).value();
    }
    return &*inventory_;
}

Status SqliteChain::erase_thinned(std::uint64_t before, std::uint64_t upto, const ChainHash& hash) {
    // Withdraws the reservation of records that this process has not sent.
    if (ends_.reserved > sent_) {
        if (auto set = records_.set_reserved(sent_); !set) return set;
        ends_.reserved = sent_;
    }
    if (before == ends_.before_seq) {
        if (auto erased = records_.erase_upto(upto, hash); !erased) return erased;
        std::tie(ends_.before_seq, ends_.before_hash) = std::pair{upto, hash};
        return Done{};
    }
    const Hole hole{.after = ends_.hole ? ends_.hole->after : before, .upto = upto};
    if (auto erased = records_.erase_hole(hole, hash); !erased) return erased;
    ends_.hole = hole;
    ends_.hole_hash = hash;
    return Done{};
}

Status SqliteChain::fork(std::uint64_t stored_upto, const std::string& node,
                         wire::Incarnation incarnation) {
    ENSURE(stored_upto <= ends_.head);
    const auto old = ends_;
    const auto skipped = std::max(stored_upto, ends_.before_seq);
    const auto before = hash_at(skipped);
    if (!before) return before.error();
    ends_ = {};
    ends_.incarnation = incarnation;
    ends_.before_hash = chain_.start(node, incarnation);
    ends_.head_hash = ends_.before_hash;
    if (auto erased = records_.erase_upto(skipped, ends_.before_hash); !erased) return erased;
    if (auto set = records_.set_incarnation(incarnation, ends_.before_hash); !set) return set;
    if (auto done = renumber(skipped, before.value(), old); !done) return done;
    // Under their old numbers they may have been sent.
    ends_.reserved = ends_.head;
    if (auto set = records_.set_reserved(ends_.reserved); !set) return set;
    return records_.forget_hole();
}

/// Goes upwards, so that no two rows get the same number: a row's new number is not above its old
/// one, and the row that had that number has moved or was deleted.
Status SqliteChain::renumber(std::uint64_t after, std::optional<ChainHash> before,
                             const ChainEnds& old) {
    for (auto seq = after;;) {
        const auto found = records_.first_after(seq);
        if (!found) return found.error();
        if (!found.value()) return Done{};
        const auto& record = found.value()->record;
        seq = record.seq;
        if (old.hole && seq == old.hole->upto + 1) before = old.hole_hash;
        const bool is_damaged = before && !fits(*before, record);
        before = record.hash;
        const auto row = renumbered(*found.value(), is_damaged, old.incarnation);
        if (auto replaced = records_.replace(seq, row); !replaced) return replaced;
        ends_.head = row.record.seq;
        ends_.head_hash = row.record.hash;
        ends_.total = row.total;
    }
}

/// The row as the next one of the new incarnation, with its origin.
SqliteRecords::Row SqliteChain::renumbered(SqliteRecords::Row row, bool is_damaged,
                                           wire::Incarnation old) const {
    auto& record = row.record;
    const wire::Origin origin{.incarnation = old, .seq = record.seq, .hash = record.hash};
    if (is_damaged) {
        Removal damaged{wire::GapReason::corrupt};
        damaged.add(record.seq, row.content, {});
        record.line = damaged.line();
        base::log_error("a damaged record is lost, and a gap record says so",
                        {{"record", record.seq}, {"readings", row.content.readings}});
    }
    record.line = wire::with_origin(record.line, origin);
    record.seq = ends_.head + 1;
    record.hash = chain_.next(ends_.head_hash, record.seq, record.line);
    row.total = ends_.total + record.line.size();
    return row;
}

}  // namespace delivery
