#include "agent/memory_outbox.hpp"

#include "base/ensure.hpp"
#include "wire/record.hpp"

namespace agent {

MemoryOutbox::MemoryOutbox(MemoryOutboxOptions options)
    : options_(std::move(options)), incarnation_{options_.new_incarnation()} {
    before_hash_ = chain_.start(options_.node, incarnation_);
}

base::Status MemoryOutbox::append(const Flush& flush) {
    ENSURE(flush.lines.size() == flush.contents.size());
    std::uint64_t room = 0;
    for (const auto& line : flush.lines) room += line.size();
    delete_settled(flush.settled, room);
    const auto evicted = evict(room);
    if (evicted.records() > 0) push(evicted.line(), evicted.content());
    evicted_ += evicted.records();
    for (std::size_t i = 0; i < flush.lines.size(); ++i) push(flush.lines[i], flush.contents[i]);
    for (const auto& [sensor, position] : flush.positions) positions_[sensor] = position;
    return base::Done{};
}

base::Result<std::vector<StoredRecord>> MemoryOutbox::read(std::uint64_t after,
                                                           std::size_t records_max,
                                                           std::size_t bytes_max) const {
    std::vector<StoredRecord> records;
    std::size_t bytes = 0;
    for (const auto& row : rows_) {
        if (row.record.seq <= after) continue;
        bytes += row.record.line.size();
        if (records.size() == records_max || (!records.empty() && bytes > bytes_max)) break;
        records.push_back(row.record);
    }
    return records;
}

base::Result<std::optional<wire::ChainHash>> MemoryOutbox::hash_at(std::uint64_t seq) const {
    if (seq == before_seq_) return std::optional{before_hash_};
    if (seq < before_seq_ || seq > head()) return std::optional<wire::ChainHash>{};
    return std::optional{rows_[seq - before_seq_ - 1].record.hash};
}

base::Status MemoryOutbox::fork(std::uint64_t stored_upto) {
    ENSURE(stored_upto <= head());
    const auto old = incarnation_;
    auto rows = std::move(rows_);
    rows_.clear();
    incarnation_ = {options_.new_incarnation()};
    before_seq_ = 0;
    before_hash_ = chain_.start(options_.node, incarnation_);
    bytes_ = 0;
    for (const auto& [record, content] : rows) {
        if (record.seq <= stored_upto) continue;
        push(wire::with_origin(record.line,
                               {.incarnation = old, .seq = record.seq, .hash = record.hash}),
             content);
    }
    return base::Done{};
}

Extent MemoryOutbox::extent() const {
    return {.incarnation = incarnation_,
            .lowest = before_seq_ + 1,
            .head = head(),
            .bytes = bytes_,
            .quota = options_.quota,
            .evicted = evicted_};
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

void MemoryOutbox::push(std::string line, const Flush::Content& content) {
    const auto seq = head() + 1;
    const auto hash = chain_.next(head_hash(), seq, line);
    bytes_ += line.size();
    rows_.push_back(
        {.record = {.seq = seq, .hash = hash, .line = std::move(line)}, .content = content});
}

void MemoryOutbox::pop_oldest() {
    ENSURE(rows_.size() > 1);
    before_seq_ = rows_.front().record.seq;
    before_hash_ = rows_.front().record.hash;
    bytes_ -= rows_.front().record.line.size();
    rows_.pop_front();
}

void MemoryOutbox::delete_settled(std::uint64_t settled, std::uint64_t room) {
    const auto line = options_.quota * options_.retained_percent / 100;
    while (rows_.size() > 1 && bytes_ + room > line && rows_.front().record.seq <= settled) {
        pop_oldest();
    }
}

Eviction MemoryOutbox::evict(std::uint64_t room) {
    Eviction evicted;
    while (rows_.size() > 1 && bytes_ + room > options_.quota) {
        const auto& oldest = rows_.front();
        evicted.add(oldest.record.seq, oldest.content, oldest.record.line);
        pop_oldest();
    }
    return evicted;
}

}  // namespace agent
