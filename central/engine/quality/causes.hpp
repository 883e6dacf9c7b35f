#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "central/engine/changes.hpp"
#include "central/engine/quality/completeness.hpp"
#include "central/engine/quality/declared_gaps.hpp"

namespace engine {

/// Why a window has not all that was due in it, or may not have it yet.
enum class CauseKind {
    failed,      // Readings failed in the node.
    evicted,     // The node gave up records, because its outbox was full.
    corrupt,     // Records were damaged on the node's disk.
    lost,        // Records are gone that the node no longer had.
    unplaced,    // Records wait for a clock, and may hold them.
    not_sent,    // Nothing says why.
    thinned,     // They are known, but only in wider windows.
    suppressed,  // Readings come on a change; nothing says whether one is missing.
    redeclared,  // The series got another period within the window.
    away,        // The node has left the broker, and may bring more.
    silent,      // The node has sent nothing for long, and may bring more.
};

struct Cause {
    CauseKind kind = CauseKind::not_sent;
    std::string reason{};  // Of readings that failed, as the node says it.

    /// How many readings of the series, as far as its period says how many were due; nothing when
    /// it is not known.
    std::optional<std::uint64_t> readings{};

    /// Whether this is known; else it is the only explanation that there is.
    bool is_certain = true;

    friend bool operator==(const Cause&, const Cause&) = default;
};

/// Whether the node may bring more, and does not now.
enum class Absence {
    none,
    away,    // The broker says that it is gone.
    silent,  // It has sent nothing for more than three periods of the series.
};

/// What is known of the node of a window.
struct Circumstances {
    std::optional<base::EventTime> watermark;
    const DeclaredGaps& gaps;
    std::uint64_t unplaced = 0;  // Records that wait for a clock.
    Absence absence = Absence::none;
};

/// Every cause of a window, in the order of CauseKind, failures in the order of their reasons.
/// What is missing is explained once: first by the failures, then by the gaps that are declared in
/// the window, each for at most as many readings as it held, and what is left by gaps of unknown
/// time, by records that wait for a clock, or by nothing.
std::vector<Cause> causes_of(const WindowFacts& window, const SeriesRow& series,
                             const Judgement& judgement, const Circumstances& circumstances);

/// "evicted", "not_sent": for programs.
const char* to_text(CauseKind kind);

/// "60 readings lost: evicted by the node, its outbox was full".
std::string sentence_of(const Cause& cause);

}  // namespace engine
