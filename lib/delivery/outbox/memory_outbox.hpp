#pragma once

#include <deque>
#include <functional>

#include "base/random.hpp"
#include "delivery/outbox/inventory.hpp"
#include "delivery/outbox/outbox.hpp"
#include "delivery/outbox/removal.hpp"

namespace delivery {

struct MemoryOutboxOptions {
    std::string node = "node";

    /// The quota, in bytes of lines.
    std::uint64_t quota = 64 * 1024 * 1024;

    // As in SqliteOutboxOptions.
    std::uint64_t retained_percent = 50;
    bool thin = true;

    std::function<std::uint64_t()> new_incarnation = base::entropy;
};

/// An outbox in memory, written for clarity: for tests, and as the reference of the contract.
class MemoryOutbox final : public Outbox {
  public:
    explicit MemoryOutbox(MemoryOutboxOptions options = {});

    base::Status append(const Flush& flush) override;
    base::Status reserve(std::uint64_t upto) override;
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
        Detail detail = Detail::full;
    };
    using Rows = std::deque<Row>;

    std::uint64_t head() const { return rows_.empty() ? before_seq_ : rows_.back().record.seq; }
    const wire::ChainHash& head_hash() const;
    Rows::const_iterator first_after(std::uint64_t seq) const;
    void push(std::string line, const Flush::Content& content, Detail detail);
    void pop_oldest();
    void delete_settled(std::uint64_t settled, std::uint64_t room);
    void thin(std::uint64_t room);
    bool thin_once();
    Removal evict(std::uint64_t room);

    MemoryOutboxOptions options_;
    wire::Chain chain_;
    wire::Incarnation incarnation_;
    Rows rows_;
    std::uint64_t before_seq_ = 0;  // The number and hash before the first row.
    wire::ChainHash before_hash_;
    std::optional<Hole> hole_;
    wire::ChainHash hole_hash_;  // h(hole_->upto)
    std::uint64_t sent_ = 0;     // Records up to here may have been sent.
    std::uint64_t bytes_ = 0;
    bool is_thinning_due_ = false;
    std::uint64_t evicted_ = 0;
    std::uint64_t thinned_ = 0;
    std::map<std::string, std::string> positions_;
};

}  // namespace delivery
