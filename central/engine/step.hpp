#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "central/engine/arrival.hpp"
#include "central/engine/outcome.hpp"
#include "central/engine/roster.hpp"
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
    bool is_retaken = false;                         // From the quarantine.

    /// Whether nothing of the record counted before.
    bool is_first() const { return only == nullptr; }

    bool concerns(const std::string& part) const {
        return is_first() || std::find(only->begin(), only->end(), part) != only->end();
    }
    /// Refuses all of the record.
    void refuse(RefusalKind kind, const std::string& detail) {
        add_refusal(kind, detail);
        parts.assign(1, kWholeRecord);
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
