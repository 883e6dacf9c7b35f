#pragma once

#include <cstdint>

#include "base/result.hpp"
#include "delivery/outbox/outbox.hpp"
#include "wire/ack.hpp"

namespace delivery {

/// How far the centre has the records of this incarnation. Believes no acknowledgement that the
/// node's own chain does not confirm; sends nothing and deletes nothing.
class Marks {
  public:
    explicit Marks(const Outbox& outbox) : outbox_(outbox) {}

    enum class Verdict {
        agrees,          // Nothing in it contradicts our chain.
        unfounded_fork,  // It claims another history, although its hashes are ours.
        fork,            // The centre knows another history of this node.
    };

    /// What an acknowledgement proves.
    struct Judgement {
        Verdict verdict = Verdict::agrees;

        /// Our chain has the same hash there. Otherwise that record was deleted long ago: the
        /// answer is old, or Redis has forgotten.
        bool proves_durable = false;
        bool proves_applied = false;
    };
    base::Result<Judgement> judge(const wire::Ack& ack) const;

    /// Raises the marks to what the acknowledgement proves; they never fall.
    void raise(const wire::Ack& ack, const Judgement& judgement);

    /// The longest run of our own records, from the first, that is proven to be stored: by this
    /// acknowledgement or by an earlier one of this incarnation. When the sink has another history,
    /// what Redis has of ours is no proof: the sink would pass it over.
    std::uint64_t proven_prefix(const wire::Ack& ack) const;

    /// A new incarnation begins, of which the centre has no records.
    void reset() { durable_ = applied_ = 0; }

    /// Never beyond the head.
    std::uint64_t durable() const { return durable_; }
    std::uint64_t applied() const { return applied_; }

  private:
    enum class Agreement { same, unknown, different };

    base::Result<Agreement> compare(const wire::Mark& mark) const;
    bool proves(const wire::Mark& mark) const;

    const Outbox& outbox_;
    std::uint64_t durable_ = 0;
    std::uint64_t applied_ = 0;
};

}  // namespace delivery
