#pragma once

#include <cstdint>
#include <deque>

#include "base/clock.hpp"
#include "delivery/uplink/retransmission.hpp"

namespace delivery {

/// The batches on their way, oldest first, and the record to send next. Sends nothing, knows no
/// record but by its number, and asks no clock.
class SendWindow {
  public:
    struct Batch {
        std::uint64_t first = 0;
        std::uint64_t last = 0;
        base::Instant sent{};
        base::Instant due{};  // When to send it again.
        bool repeated = false;
    };

    SendWindow(std::size_t batches_max, Retransmission& timer)
        : batches_max_(batches_max), timer_(timer) {}

    /// The number of the record to send next.
    std::uint64_t next() const { return next_; }
    void go_to(std::uint64_t next) { next_ = next; }

    bool is_empty() const { return batches_.empty(); }
    bool has_room() const { return batches_.size() < batches_max_; }

    /// Only while it is not empty.
    const Batch& oldest() const { return batches_.front(); }
    bool is_overdue(base::Instant now) const { return !is_empty() && now >= oldest().due; }

    /// These records were sent; the next ones follow them.
    void add(std::uint64_t first, std::uint64_t last, base::Instant now);

    /// The oldest batch timed out and was sent again, as these records.
    void repeat_oldest(std::uint64_t first, std::uint64_t last, base::Instant now);

    /// Everything up to `durable` has arrived.
    void release(std::uint64_t durable, base::Instant now);

    /// Stops waiting for the batches on their way: they will be sent again.
    void rewind();

    /// Nothing is on its way, and `next` is to be sent next.
    void restart(std::uint64_t next);

  private:
    std::size_t batches_max_;
    Retransmission& timer_;
    std::uint64_t next_ = 1;
    std::deque<Batch> batches_;
};

}  // namespace delivery
