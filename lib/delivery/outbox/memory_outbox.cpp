#include "delivery/outbox/memory_outbox.hpp"

#include <algorithm>

#include "base/ensure.hpp"
#include "delivery/outbox/thinning.hpp"
#include "wire/record.hpp"

namespace delivery {

MemoryOutbox::MemoryOutbox(MemoryOutboxOptions options)
    : options_(std::move(options)), incarnation_{options_.new_incarnation()} {
    before_hash_ = chain_.start(options_.node, incarnation_);
}

base::Status MemoryOutbox::append(const Flush& flush) {
    ENSURE(flush.lines.size() == flush.contents.size());
    std::uint64_t room = 0;
    for (const auto& line : flush.lines) room += line.size();
    delete_settled(flush.settled, room);
    if (options_.thin) thin(room);
    const auto evicted = evict(room);
    if (evicted.records() > 0) push(evicted.line(), evicted.content(), Detail::quarters);
    evicted_ += evicted.records();
    for (std::size_t i = 0; i < flush.lines.size(); ++i) {
        push(flush.lines[i], flush.contents[i], Detail::full);
    }
    for (const auto& [sensor, position] : flush.positions) {
        if (position.empty()) {
            positions_.erase(sensor);
        } else {
            positions_[sensor] = position;
        }
    }
    return base::Done{};
}

base::Status MemoryOutbox::reserve(std::uint64_t upto) {
    sent_ = std::max(sent_, std::min(upto, head()));
    return base::Done{};
}

base::Result<std::vector<StoredRecord>> MemoryOutbox::read(std::uint64_t after,
                                                           std::size_t records_max,
                                                           std::size_t bytes_max) const {
    std::vector<StoredRecord> records;
    std::size_t bytes = 0;
    for (auto row = first_after(after); row != rows_.end(); ++row) {
        bytes += row->record.line.size();
        if (records.size() == records_max || (!records.empty() && bytes > bytes_max)) break;
        if (!records.empty() && row->record.seq != records.back().seq + 1) break;  // The hole.
        records.push_back(row->record);
    }
    return records;
}

base::Result<std::optional<wire::ChainHash>> MemoryOutbox::hash_at(std::uint64_t seq) const {
    if (seq == before_seq_) return std::optional{before_hash_};
    if (hole_ && seq == hole_->upto) return std::optional{hole_hash_};
    const auto row = first_after(seq - 1);
    if (seq < before_seq_ || row == rows_.end() || row->record.seq != seq) {
        return std::optional<wire::ChainHash>{};
    }
    return std::optional{row->record.hash};
}

base::Status MemoryOutbox::fork(std::uint64_t stored_upto) {
    ENSURE(stored_upto <= head());
    const auto old = incarnation_;
    auto rows = std::move(rows_);
    rows_.clear();
    incarnation_ = {options_.new_incarnation()};
    before_seq_ = 0;
    before_hash_ = chain_.start(options_.node, incarnation_);
    hole_.reset();
    bytes_ = 0;
    for (const auto& [record, content, detail] : rows) {
        if (record.seq <= stored_upto) continue;
        push(wire::with_origin(record.line,
                               {.incarnation = old, .seq = record.seq, .hash = record.hash}),
             content, detail);
    }
    sent_ = head();  // Under their old numbers they may have been sent.
    return base::Done{};
}

Extent MemoryOutbox::extent() const {
    return {.incarnation = incarnation_,
            .lowest = before_seq_ + 1,
            .head = head(),
            .hole = hole_,
            .bytes = bytes_,
            .quota = options_.quota,
            .evicted = evicted_,
            .thinned = thinned_};
}

std::uint64_t MemoryOutbox::bytes_after(std::uint64_t seq) const {
    std::uint64_t bytes = 0;
    for (const auto& row : rows_) {
        if (row.record.seq > seq) bytes += row.record.line.size();
    }
    return bytes;
}

std::optional<std::string> MemoryOutbox::position(const std::string& sensor) const {
    const auto found = positions_.find(sensor);
    if (found == positions_.end()) return std::nullopt;
    return found->second;
}

const wire::ChainHash& MemoryOutbox::head_hash() const {
    return rows_.empty() ? before_hash_ : rows_.back().record.hash;
}

MemoryOutbox::Rows::const_iterator MemoryOutbox::first_after(std::uint64_t seq) const {
    return std::upper_bound(
        rows_.begin(), rows_.end(), seq,
        [](std::uint64_t number, const Row& row) { return number < row.record.seq; });
}

void MemoryOutbox::push(std::string line, const Flush::Content& content, Detail detail) {
    const auto seq = head() + 1;
    const auto hash = chain_.next(head_hash(), seq, line);
    bytes_ += line.size();
    rows_.push_back({.record = {.seq = seq, .hash = hash, .line = std::move(line)},
                     .content = content,
                     .detail = detail});
}

void MemoryOutbox::pop_oldest() {
    ENSURE(rows_.size() > 1);
    before_seq_ = rows_.front().record.seq;
    before_hash_ = rows_.front().record.hash;
    bytes_ -= rows_.front().record.line.size();
    rows_.pop_front();
    if (!hole_ || before_seq_ < hole_->after) return;
    before_seq_ = hole_->upto;
    before_hash_ = hole_hash_;
    hole_.reset();
}

void MemoryOutbox::delete_settled(std::uint64_t settled, std::uint64_t room) {
    const auto line = options_.quota * options_.retained_percent / 100;
    while (rows_.size() > 1 && bytes_ + room > line && rows_.front().record.seq <= settled) {
        pop_oldest();
    }
}

void MemoryOutbox::thin(std::uint64_t room) {
    for (unsigned passes = 0; passes < thinning::kPassesMax; ++passes) {
        const bool is_full = bytes_ + room > options_.quota;
        is_thinning_due_ = thinning::is_due(is_thinning_due_, bytes_, options_.quota);
        if (!is_full && (!is_thinning_due_ || passes > 0)) return;
        if (!thin_once()) return;
    }
}

/// Works like SqliteRoom, over rows in memory.
bool MemoryOutbox::thin_once() {
    const auto before = std::max({sent_, before_seq_, hole_ ? hole_->upto : 0});
    if (hole_ && sent_ > hole_->upto) return false;
    Inventory inventory;
    const auto begin = rows_.begin() + (first_after(before) - rows_.cbegin());
    for (auto row = begin; row != rows_.end(); ++row) {
        inventory.add(row->record.seq, row->detail, row->content, row->record.line);
    }
    if (inventory.bytes() < thinning::bytes_min(options_.quota)) return false;
    Thinning pass{inventory};
    auto end = begin;
    for (std::uint64_t bytes = 0; bytes < thinning::stride(options_.quota); ++end) {
        pass.accept(end->record.seq, end->detail, end->content, end->record.line);
        bytes += end->record.line.size();
        bytes_ -= end->record.line.size();
    }
    const auto last = (end - 1)->record;
    rows_.erase(begin, end);
    if (before == before_seq_) {
        before_seq_ = last.seq;
        before_hash_ = last.hash;
    } else {
        hole_ = Hole{.after = hole_ ? hole_->after : before, .upto = last.seq};
        hole_hash_ = last.hash;
    }
    for (auto& line : pass.lines()) push(std::move(line.line), line.content, line.detail);
    thinned_ += pass.thinned();
    evicted_ += pass.evicted();
    return true;
}

Removal MemoryOutbox::evict(std::uint64_t room) {
    Removal evicted{wire::GapReason::evicted};
    while (rows_.size() > 1 && bytes_ + room > options_.quota) {
        const auto& oldest = rows_.front();
        evicted.add(oldest.record.seq, oldest.content, oldest.record.line);
        pop_oldest();
    }
    return evicted;
}

}  // namespace delivery
