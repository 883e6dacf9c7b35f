#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "central/engine/arrival.hpp"
#include "central/engine/outcome.hpp"
#include "central/engine/readings/reading_block.hpp"
#include "central/engine/roster.hpp"
#include "central/validation/set_aside.hpp"
#include "wire/record.hpp"

namespace engine {

/// One record on its way through the engine.
struct Step {
    const Arrival& arrival;
    Node& node;
    std::optional<base::EventTime> watermark;  // Before this record.
    std::optional<wire::Origin> origin;        // Under which its numbers count, after a fork.
    Outcome outcome;
    std::string refusals;
    std::vector<std::string> parts{};  // That were refused; kWholeRecord alone for all of it.
    const std::vector<std::string>* only = nullptr;  // The parts that do not count yet; null: all.
    std::vector<validation::SetAside> only_readings{};  // Of these, what is readings of a column.
    bool is_retaken = false;                            // From the quarantine.
    bool has_waited = false;                            // For a clock.
    wire::ClockState clock = wire::ClockState::synced;  // That stamped its readings.

    /// The record under the number that its node gave it first.
    ReadingOrigin reading_origin() const {
        return {.incarnation = origin ? origin->incarnation : arrival.incarnation,
                .seq = origin ? origin->seq : arrival.mark.seq,
                .received = arrival.received,
                .clock = clock};
    }
    /// Whether nothing of the record counted before.
    bool is_first() const { return only == nullptr; }

    bool concerns(const std::string& part) const {
        return is_first() || std::find(only->begin(), only->end(), part) != only->end();
    }
    /// What does not count yet of a column of which other readings do; empty: no such column.
    std::vector<validation::SetAside> set_aside_of(const std::string& series) const {
        std::vector<validation::SetAside> found;
        for (const auto& aside : only_readings) {
            if (aside.series == series) found.push_back(aside);
        }
        return found;
    }
    /// Refuses all of the record that does not count yet.
    void refuse(RefusalKind kind, const std::string& detail) {
        add_refusal(kind, detail);
        if (is_first()) {
            parts.assign(1, kWholeRecord);
        } else {
            parts = *only;
        }
    }
    /// Refuses of a column what does not count yet.
    void refuse_column(const std::string& series, const std::vector<validation::SetAside>& earlier,
                       const Refusal& refusal) {
        if (earlier.empty()) return refuse_part(series, refusal);
        add_refusal(refusal.kind, series + ": " + refusal.detail);
        for (const auto& aside : earlier) parts.push_back(validation::to_text(aside));
    }
    /// Refuses a column; the others count.
    void refuse_part(const std::string& part, const Refusal& refusal) {
        add_refusal(refusal.kind, part + ": " + refusal.detail);
        parts.push_back(part);
    }
    void add_refusal(RefusalKind kind, const std::string& detail) {
        if (!outcome.refused) outcome.refused = kind;
        refusals += refusals.empty() ? detail : "; " + detail;
    }
};

}  // namespace engine
