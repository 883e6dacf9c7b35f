#pragma once

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "delivery/outbox/inventory.hpp"
#include "delivery/outbox/outbox.hpp"
#include "delivery/outbox/removal.hpp"
#include "delivery/records/condensed.hpp"
#include "delivery/records/condensed_failures.hpp"
#include "wire/limits.hpp"

namespace delivery {

/// How often and how much is thinned at once, the same for every outbox.
namespace thinning {

/// Whether an append() makes a pass though there is still room. It begins at seven eighths of the
/// quota, so that there is room for what comes while passes only move records, and goes on down to
/// three quarters, so that neighbours in time stay together and fold well the next time.
constexpr bool is_due(bool was_due, std::uint64_t used, std::uint64_t quota) {
    return used > quota / 8 * 7 || (was_due && used > quota / 4 * 3);
}

/// Bytes of lines that one pass goes over: they bound how long it delays a flush, and the memory
/// that it needs.
constexpr std::uint64_t stride(std::uint64_t quota) {
    return std::min<std::uint64_t>(quota / 16, 256 * 1024);
}

/// With less than this there is nothing to gain, and a pass could reach the newest record.
constexpr std::uint64_t bytes_min(std::uint64_t quota) {
    return 2 * stride(quota) + wire::kLineBytesMax;
}

/// The most passes in one append(); after that the oldest are evicted.
constexpr unsigned kPassesMax = 16;

}  // namespace thinning

/// One pass over the oldest records. Decides what becomes of each when room is needed, so that
/// detail goes and history stays. The outbox hands the records in, deletes them, and appends
/// lines() in their place, in one commit. A record may be thinned only when it was never sent: else
/// its readings could be counted twice.
///
/// The outbox is a queue with three generations (Detail). A record at its front
/// - goes one step down, its readings, or its counts of failed ones, folded with those of its
///   neighbours: full → minutes → quarters; in the end it is evicted;
/// - but moves to the back unchanged while records with more detail than it make up a fourth of the
///   bytes, or a fourth of those with its own detail is older: the detail of the newest gives way
///   before the history of the oldest.
///
/// So every reading is rewritten a bounded number of times, and what is stored is at least a fourth
/// new and at most three fourths history. Of the other kinds, clock records move to the back, and
/// so do declarations, unless a newer one of the same series is stored. The first fault of each
/// sensor in a pass moves, and the others are thinned away. Gap records are merged into new ones.
class Thinning {
  public:
    /// `stored` is all that may be thinned; records are removed from it one by one.
    explicit Thinning(Inventory& stored) : stored_(stored) {}

    /// The next record, oldest first.
    void accept(std::uint64_t seq, Detail detail, const Flush::Content& content,
                std::string_view line);

    /// What replaces the records: gap records first.
    std::vector<ThinnedLine> lines();

    /// Records that gave way to lines().
    std::uint64_t thinned() const { return thinned_.records(); }
    /// Records of which only a gap record is left.
    std::uint64_t evicted() const { return evicted_records_; }

  private:
    struct Source {
        std::uint64_t seq = 0;
        Detail detail = Detail::full;
        const Flush::Content& content;
        std::string_view line;
    };
    enum class Fate { moves, thins, goes };

    Fate fate_of(Detail detail, const Flush::Content& content) const;
    void accept(const Source& source, const wire::Data& data);
    void accept(const Source& source, const wire::SeriesDeclaration& declaration);
    void accept(const Source& source, const wire::Gap& gap);
    void accept(const Source& source, const wire::ClockSample& sample);
    void accept(const Source& source, const wire::SensorFault& fault);
    void accept(const Source& source, const wire::Failed& failed);
    template <class Body, class Folded>
    void fold(const Source& source, const Body& body, std::vector<Folded>& all);
    void move(const Source& source, Detail detail);
    void evict(const Source& source);

    Inventory& stored_;
    Removal thinned_{wire::GapReason::thinned};
    Removal evicted_{wire::GapReason::evicted};
    std::uint64_t evicted_records_ = 0;
    std::vector<Condensed> condensed_;  // A clock each.
    std::vector<CondensedFailures> failures_;
    std::vector<ThinnedLine> moved_;
    std::set<std::string> faulty_;  // Sensors whose fault of this pass moves.
};

}  // namespace delivery
