#include "central/views/circumstances.hpp"

#include <algorithm>

#include "central/engine/watermark.hpp"

namespace views {

namespace {

constexpr int kSilentPeriods = 3;

engine::Absence absence_of(const NodePresence* presence, const engine::SeriesRow& series,
                           std::optional<base::EventTime> now) {
    if (presence != nullptr && is_away(*presence)) return engine::Absence::away;
    const auto& period = series.declared.period;
    if (!now || !period || !series.last_at) return engine::Absence::none;
    return *series.last_at + kSilentPeriods * *period < *now ? engine::Absence::silent
                                                             : engine::Absence::none;
}

}  // namespace

NodeFacts facts_of(const engine::NodeRow* row, const NodePresence* presence,
                   const engine::SeriesRow& series, std::optional<base::EventTime> now,
                   base::Duration watermark_bound) {
    NodeFacts facts{.watermark = {}, .absence = absence_of(presence, series, now)};
    if (row == nullptr) return facts;
    facts.watermark = engine::watermark_of(*row, watermark_bound);
    facts.unplaced = row->unplaced;
    return facts;
}

bool is_away(const NodePresence& presence) {
    return presence.state == wire::NodeState::lost ||
           presence.state == wire::NodeState::disconnected;
}

const NodePresence* presence_of(const NodePresences& presences, const std::string& node) {
    const auto found = presences.find(node);
    return found == presences.end() ? nullptr : &found->second;
}

base::Result<std::vector<engine::GapRow>> explaining_gaps(sinks::Query& query,
                                                          const std::string& node,
                                                          std::vector<engine::GapRow> gaps) {
    const auto has_no_times = [](const auto& gap) { return !gap.first_at || !gap.last_at; };
    if (std::none_of(gaps.begin(), gaps.end(), has_no_times)) return gaps;
    auto all = query.gaps(node, base::EventTime::min(), base::EventTime::max());
    if (!all) return all.error();
    gaps.insert(gaps.end(), all.value().begin(), all.value().end());
    return gaps;
}

}  // namespace views
