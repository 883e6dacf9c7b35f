#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "central/ingest/source.hpp"
#include "wire/ack.hpp"
#include "wire/record.hpp"

namespace ingest {

/// Chain values of applied records that are kept behind each mark. Among these a forked record is
/// recognised for certain; a node hears of its fork long before it has sent as many.
constexpr std::uint64_t kTailRecords = 4096;

/// Incarnations of a node that the origins of its records may add.
constexpr std::size_t kIncarnationsMax = 32;

enum class Verdict {
    apply,      // The next record.
    lost,       // A declared gap: the numbers up to entry.gap_to will never come.
    duplicate,  // Applied before.
    conflict,   // Applied before, but with another content: keep it for a person.
    hole,       // Records before it are missing.
};

/// What the applied tail has under the number of an origin.
struct TailAnswer {
    bool same = false;   // A record with the same chain value.
    bool other = false;  // One with another.
};

enum class OriginVerdict {
    fresh,      // Never applied: apply.
    duplicate,  // Applied under its old number: only advance.
    suspect,    // Perhaps applied, too long ago to know: apply, as a loss is worse.
};

/// Decides about every entry by its identity alone, so that each record is applied once and in
/// order. Holds the applied marks, and what is to be committed of them. Does no I/O.
class Ledger {
  public:
    /// Adds what the sink knows. `ahead` are records that were applied under the number of their
    /// origin, beyond the mark of that incarnation.
    void restore(const std::vector<AppliedMark>& marks, const std::vector<AppliedMark>& ahead);

    Verdict decide(const Entry& entry) const;

    OriginVerdict weigh(const std::string& node, const wire::Origin& origin,
                        const TailAnswer& tail) const;

    /// The entry was applied; `origin` is where it came from when it was forked.
    void mark_applied(const Entry& entry, const std::optional<wire::Origin>& origin = {});

    /// The entry is done without having been applied: a gap, or a forked duplicate.
    void mark_passed(const Entry& entry);

    /// 0 and no hash when nothing is known.
    wire::Mark mark(const std::string& node, wire::Incarnation incarnation) const;

    /// All marks, in order.
    std::vector<AppliedMark> marks() const;

    /// What changed since the last call, and is to be committed.
    struct Advance {
        std::vector<AppliedMark> marks;
        std::vector<AppliedMark> tail;  // Applied records: number and chain value.
    };
    Advance take_advance();

    void forget();

  private:
    bool may_keep(const std::string& node, wire::Incarnation incarnation) const;

    using Key = std::pair<std::string, wire::Incarnation>;

    struct Standing {
        wire::Mark mark;
        bool changed = false;
        std::set<wire::Mark> ahead;  // Applied by origin, beyond the mark.
    };

    void raise(const Entry& entry, std::uint64_t seq);
    Standing& standing(const std::string& node, wire::Incarnation incarnation);
    const Standing* find(const std::string& node, wire::Incarnation incarnation) const;

    std::map<Key, Standing> standings_;
    std::set<AppliedMark> recent_origins_;  // Applied since take_advance(): not yet in the tail.
    std::vector<AppliedMark> tail_;
    std::vector<const Key*> changed_;
};

}  // namespace ingest
