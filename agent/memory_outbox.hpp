#pragma once

#include <deque>
#include <functional>

#include "agent/eviction.hpp"
#include "agent/outbox.hpp"
#include "base/random.hpp"

namespace agent {

struct MemoryOutboxOptions {
    std::string node = "node";

    /// Bytes of lines before something has to go.
    std::uint64_t quota = 64 * 1024 * 1024;

    /// Settled records stay until this share of the quota is used: the centre may ask for them.
    std::uint64_t retained_percent = 50;

    std::function<std::uint64_t()> new_incarnation = base::entropy;
};

/// The outbox in plain words: what SqliteOutbox promises without a disk. For tests, and as the
/// reference of the contract. Forgets everything at its end.
class MemoryOutbox final : public Outbox {
  public:
    explicit MemoryOutbox(MemoryOutboxOptions options = {});

    base::Status append(const Flush& flush) override;
    base::Result<std::vector<StoredRecord>> read(std::uint64_t after, std::size_t records_max,
                                                 std::size_t bytes_max) const override;
    base::Result<std::optional<wire::ChainHash>> hash_at(std::uint64_t seq) const override;
    base::Status fork(std::uint64_t stored_upto) override;
    Extent extent() const override;
    std::uint64_t bytes_after(std::uint64_t seq) const override;
    std::optional<std::string> position(const std::string& sensor) const override;

  private:
    struct Row {
        StoredRecord record;
        Flush::Content content;
    };

    std::uint64_t head() const { return before_seq_ + rows_.size(); }
    const wire::ChainHash& head_hash() const;
    void push(std::string line, const Flush::Content& content);
    void pop_oldest();
    void delete_settled(std::uint64_t settled, std::uint64_t room);
    Eviction evict(std::uint64_t room);

    MemoryOutboxOptions options_;
    wire::Chain chain_;
    wire::Incarnation incarnation_;
    std::deque<Row> rows_;
    std::uint64_t before_seq_ = 0;  // The number and hash before the first row.
    wire::ChainHash before_hash_;
    std::uint64_t bytes_ = 0;
    std::uint64_t evicted_ = 0;
    std::map<std::string, std::string> positions_;
};

}  // namespace agent
