#pragma once

#include <cstdint>
#include <list>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "central/engine/memory.hpp"
#include "central/engine/roster.hpp"

namespace engine {

/// The window rows in use: all that changed since the last commit, and up to a limit the others
/// that were used last. Never loses a change: it drops only unchanged rows, and reads them again
/// later.
class Rows {
  public:
    Rows(std::vector<base::Duration> spans, std::size_t rows_max, Memory& memory)
        : spans_(std::move(spans)), rows_max_(rows_max), memory_(memory) {}

    /// The row of a window, to be changed; an empty one when there was none. Null where windows of
    /// that length are no longer kept: a new one would lack the readings of the one that is gone.
    /// `span` is the place of its length in the list. The pointer holds until the next call.
    base::Result<WindowRow*> change(std::size_t span, const Series& series, base::EventTime start);

    /// Notes that the row, which was changed, has no more readings that failed for the reason.
    void note_healed(std::size_t span, const Series& series, base::EventTime start,
                     std::string reason);

    /// As change(), only to be read.
    base::Result<const WindowRow*> read(std::size_t span, const Series& series,
                                        base::EventTime start);

    std::size_t changed() const { return changed_.size(); }

    /// Moves out the changed rows, each with its revision raised; from now on they count as
    /// committed.
    void take_changes(const Roster& roster, Changes& changes);

    void forget();

  private:
    struct Id {
        std::uint32_t span;
        std::uint32_t series;
        base::EventTime start;

        friend bool operator==(const Id&, const Id&) = default;
    };
    struct Hash {
        std::size_t operator()(const Id& id) const noexcept;
    };
    struct Slot {
        Id id;
        WindowRow row;
        bool changed = false;
    };
    using Slots = std::list<Slot>;

    WindowKey key_of(std::size_t span, const SeriesRow& series, base::EventTime start) const;
    base::Result<Slots::iterator> find(const Id& id, const Series& series);
    base::Result<bool> is_kept(std::size_t span, base::EventTime start);
    void drop_oldest();

    std::vector<base::Duration> spans_;
    std::size_t rows_max_;
    Memory& memory_;
    Slots changed_;
    Slots kept_;  // Used last first.
    std::vector<HealedReason> healed_;
    std::vector<base::EventTime> kept_from_;  // Of each span, until the next commit; or empty.
    std::unordered_map<Id, Slots::iterator, Hash> index_;
};

}  // namespace engine
