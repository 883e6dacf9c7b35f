#pragma once

#include <optional>
#include <vector>

#include "base/clock.hpp"
#include "central/engine/outcome.hpp"
#include "central/engine/window.hpp"
#include "wire/record.hpp"

namespace engine {

/// Readings that one partial may stand for: a hundred thousand a second for an hour and more. Keeps
/// counts far from overflow.
constexpr std::uint64_t kPartialReadingsMax = 1'000'000'000;

/// Why a column cannot be counted; nothing when it can.
std::optional<Refusal> refusal_of(const wire::RawColumn& column);

/// Why a partial lies where it lies.
enum class Lie {
    aligned,  // Its node put it on the grid of the windows.
    placed,   // Its node had no clock: it was placed later, wherever that is on the grid.
};

/// A partial must fit whole into one window of every span that is at least as long, or it could not
/// be merged: its span divides theirs and it does not cross an end. At least one such span must be
/// there; into shorter windows it is not merged at all, their detail is gone. A placed one may
/// cross an end: it counts whole in the window in which it begins.
std::optional<Refusal> refusal_of(const wire::PartialColumn& column, base::EventTime at,
                                  const std::vector<base::Duration>& spans, Lie lie = Lie::aligned);

/// Cuts readings into runs, in the order in which they stand: a reading that is earlier than the
/// one before, or in another window, begins a new run. Replaces what `runs` held; its room is
/// re-used.
void fold(const wire::RawColumn& column, base::EventTime at, base::Duration span,
          std::vector<Run>& runs);

/// A run for each partial, from its first reading to its last; from its start to its last
/// millisecond when it does not tell.
void fold(const wire::PartialColumn& column, base::EventTime at, std::vector<Run>& runs);

}  // namespace engine
