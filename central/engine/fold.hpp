#pragma once

#include <optional>
#include <vector>

#include "base/clock.hpp"
#include "central/engine/outcome.hpp"
#include "central/engine/window.hpp"
#include "wire/record.hpp"

namespace engine {

/// Readings that one partial may stand for: a hundred thousand a second for more than an hour.
/// Keeps counts far from an overflow.
constexpr std::uint64_t kPartialReadingsMax = 1'000'000'000;

/// Why a column cannot be counted; nothing when it can.
std::optional<Refusal> refusal_of(const wire::RawColumn& column);

/// How a partial came to its place in time.
enum class Lie {
    aligned,  // Its node aligned it to the windows.
    placed,   // Its node had no clock; it was placed later, wherever that is.
};

/// A partial must fit whole into one window of every length that is at least its own, or it could
/// not be merged: its span must divide theirs, and it must not cross the end of one. At least one
/// length must be long enough. In shorter windows it does not count, as their detail is gone. A
/// placed partial may cross an end: it counts whole in the window in which it begins.
std::optional<Refusal> refusal_of(const wire::PartialColumn& column, base::EventTime at,
                                  const std::vector<base::Duration>& spans, Lie lie = Lie::aligned);

/// The same for counts of failed readings: their spans must fit like those of partials.
std::optional<Refusal> refusal_of(const wire::FailedColumn& column, const wire::Failed& failed,
                                  const std::vector<base::Duration>& spans, Lie lie);

/// Cuts readings into runs, in their order: a reading that is earlier than the one before, or in
/// another window, begins a new run. A run is ahead when its readings are later than `limit`, and
/// no run is partly so. `with_sketches` says whether runs get one. Replaces what `runs` held, and
/// uses its room again.
void fold(const wire::RawColumn& column, base::EventTime at, base::Duration span,
          base::EventTime limit, bool with_sketches, std::vector<Run>& runs);

/// A run for each partial, from its first reading to its last. When the partial does not say when
/// these were, the run goes from its start to its last millisecond. It is ahead when its start is
/// later than `limit`: it may have been sent before its span was over. It has the sketch that the
/// partial came with.
void fold(const wire::PartialColumn& column, base::EventTime at, base::EventTime limit,
          std::vector<Run>& runs);

}  // namespace engine
