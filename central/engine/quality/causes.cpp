#include "central/engine/quality/causes.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "central/engine/quality/quality.hpp"

namespace engine {

namespace {

using namespace std::string_literals;

constexpr const char* kWithoutTime = ": of some records no time is known";

CauseKind kind_of(GapKind kind) {
    switch (kind) {
        case GapKind::evicted:
            return CauseKind::evicted;
        case GapKind::corrupt:
            return CauseKind::corrupt;
        case GapKind::lost:
            break;
    }
    return CauseKind::lost;
}

void add_failures(std::vector<Cause>& causes, const WindowRow& row) {
    std::uint64_t told = 0;
    for (const auto& [reason, readings] : row.reasons) {
        causes.push_back({.kind = CauseKind::failed, .reason = reason, .readings = readings});
        told += readings;
    }
    if (row.failed <= told) return;
    causes.push_back({.kind = CauseKind::failed, .readings = row.failed - told});
}

/// Adds the gaps that are declared in the window, and takes what they explain off `left`.
void add_gaps(std::vector<Cause>& causes, const WindowFacts& window, const SeriesRow& series,
              const DeclaredGaps& gaps, std::optional<std::uint64_t>& left) {
    const auto end = window.start + window.span;
    for (const auto kind : DeclaredGaps::kKinds) {
        if (!gaps.overlap(kind, window.start, end)) continue;
        Cause cause{.kind = kind_of(kind)};
        if (left && *left > 0) {
            const auto period = *cadence_in(window, series).period;
            const auto held = gaps.held(kind, window.start, end, period);
            cause.readings = std::min(*left, held);
            *left -= *cause.readings;
        }
        causes.push_back(std::move(cause));
    }
}

/// What no gap in the window explains.
Cause rest_of(std::optional<std::uint64_t> readings, const Circumstances& circumstances) {
    Cause cause{.kind = CauseKind::not_sent, .readings = readings};
    if (const auto untimed = circumstances.gaps.untimed()) {
        cause.kind = kind_of(*untimed);
        cause.is_certain = false;
    } else if (circumstances.unplaced > 0) {
        cause.kind = CauseKind::unplaced;
        cause.is_certain = false;
    }
    return cause;
}

void add_missing(std::vector<Cause>& causes, const WindowFacts& window, const SeriesRow& series,
                 const Judgement& judgement, const Circumstances& circumstances) {
    auto left = missing_in(window, judgement);
    if (left) *left -= std::min(*left, window.row.failed);
    add_gaps(causes, window, series, circumstances.gaps, left);
    const bool is_unexplained = left ? *left > 0 : causes.empty();
    if (is_unexplained) causes.push_back(rest_of(left, circumstances));
}

/// Why nothing is claimed.
void add_doubts(std::vector<Cause>& causes, const dimensions::Cadence& cadence) {
    if (cadence.also_between) causes.push_back({.kind = CauseKind::suppressed});
    if (cadence.is_mixed) causes.push_back({.kind = CauseKind::redeclared});
}

std::string words_of(const Cause& cause, const char* what) {
    const auto& readings = cause.readings;
    if (!readings) return fmt::format("readings {}", what);
    return fmt::format("{} {} {}", *readings, *readings == 1 ? "reading" : "readings", what);
}

std::string perhaps(const Cause& cause, const std::string& why) {
    return words_of(cause, "missing, perhaps ") + why;
}

}  // namespace

std::vector<Cause> causes_of(const WindowFacts& window, const SeriesRow& series,
                             const Judgement& judgement, const Circumstances& circumstances) {
    std::vector<Cause> causes;
    add_failures(causes, window.row);
    switch (judgement.state) {
        case WindowState::known_gap:
            add_missing(causes, window, series, judgement, circumstances);
            break;
        case WindowState::only_wider:
            causes.push_back({.kind = CauseKind::thinned});
            break;
        case WindowState::unclaimed:
            add_doubts(causes, cadence_in(window, series));
            break;
        case WindowState::provisional:
            if (circumstances.absence == Absence::none) break;
            causes.push_back({.kind = circumstances.absence == Absence::away ? CauseKind::away
                                                                             : CauseKind::silent});
            break;
        case WindowState::complete:
        case WindowState::nothing_due:
            break;
    }
    return causes;
}

const char* to_text(CauseKind kind) {
    switch (kind) {
        case CauseKind::failed:
            return "failed";
        case CauseKind::evicted:
            return "evicted";
        case CauseKind::corrupt:
            return "corrupt";
        case CauseKind::lost:
            return "lost";
        case CauseKind::unplaced:
            return "unplaced";
        case CauseKind::not_sent:
            return "not_sent";
        case CauseKind::thinned:
            return "thinned";
        case CauseKind::suppressed:
            return "suppressed";
        case CauseKind::redeclared:
            return "redeclared";
        case CauseKind::away:
            return "away";
        case CauseKind::silent:
            return "silent";
    }
    return "";
}

std::string sentence_of(const Cause& cause) {
    switch (cause.kind) {
        case CauseKind::failed:
            return words_of(cause, "failed") + (cause.reason.empty() ? "" : ": " + cause.reason);
        case CauseKind::evicted:
            if (!cause.is_certain) return perhaps(cause, "evicted"s + kWithoutTime);
            return words_of(cause, "lost: evicted by the node, its outbox was full");
        case CauseKind::corrupt:
            if (!cause.is_certain) return perhaps(cause, "damaged"s + kWithoutTime);
            return words_of(cause, "lost: their records were damaged on the node's disk");
        case CauseKind::lost:
            if (!cause.is_certain) return perhaps(cause, "lost"s + kWithoutTime);
            return words_of(cause, "lost: the node no longer had their records");
        case CauseKind::unplaced:
            return perhaps(cause, "waiting: the node sent records from before its clock was set");
        case CauseKind::not_sent:
            return words_of(cause, "missing: never sent, and the node declared no gap");
        case CauseKind::thinned:
            return "readings known only in wider windows: the node thinned them";
        case CauseKind::suppressed:
            return "readings come on a change: nothing says whether one is missing";
        case CauseKind::redeclared:
            return "its node declared another period or deadband: nothing says how many readings "
                   "were due";
        case CauseKind::away:
            return "the node is away, and may bring more when it is back";
        case CauseKind::silent:
            return "the series is silent for more than three periods, and its node may bring more";
    }
    return {};
}

}  // namespace engine
