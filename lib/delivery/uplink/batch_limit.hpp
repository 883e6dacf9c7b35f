#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/clock.hpp"
#include "wire/limits.hpp"

namespace delivery {

/// A batch that was handed to the broker.
struct SentBatch {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    std::size_t bytes = 0;  // Of the whole payload.

    bool is_one_record() const { return first == last; }
};

/// How large a batch may be, in bytes, so that it gets through: what the broker says when we
/// connect, and what experience shows. Sends nothing and asks no clock.
class BatchLimit {
  public:
    /// A new connection: what the broker says. If it says something else than before, what
    /// experience showed is forgotten.
    void begin_session(std::size_t told);

    /// Every hour it tries twice as much again: someone may have raised the limit.
    void tick(base::Instant now);

    /// In [1, wire::kBatchBytesMax].
    std::size_t bytes() const { return bytes_; }

    /// So many bytes were too many: from now on half of that. False if that is no news: what is
    /// sent now is smaller already.
    bool refuse(std::size_t too_many, base::Instant now);

    void note_sent(const SentBatch& batch);

    /// The centre answered; it has the records up to `durable`.
    void note_answer(std::uint64_t durable);

    /// The centre has seen what was sent and does not take it now: its size is not the reason.
    void note_put_off() { forget_oldest(); }

    /// The oldest batch that was sent and not answered, as it was sent last.
    const std::optional<SentBatch>& oldest() const { return oldest_; }

    /// The oldest batch was sent often enough that the centre should be asked whether it is there.
    bool wants_answer() const { return times_ >= kTimesMax; }

    /// It is there, and yet the batch does not arrive: a broker may drop large messages and say
    /// nothing. A single record is given more time, because there is nothing to make smaller.
    bool is_stuck() const {
        return is_answered_ && times_ >= (oldest_->is_one_record() ? 2 * kTimesMax : kTimesMax);
    }

  private:
    static constexpr unsigned kTimesMax = 3;

    void forget_oldest();

    std::size_t told_ = wire::kBatchBytesMax;
    std::size_t bytes_ = wire::kBatchBytesMax;
    base::Instant grows_{};

    std::optional<SentBatch> oldest_;
    unsigned times_ = 0;        // So often was it sent.
    bool is_answered_ = false;  // Since it was repeated, the centre has answered something.
};

}  // namespace delivery
