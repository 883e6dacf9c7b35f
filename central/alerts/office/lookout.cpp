#include "central/alerts/office/lookout.hpp"

#include <utility>

#include "central/views/circumstances.hpp"
#include "central/views/needs.hpp"

namespace alerts {

Lookout::Lookout(sinks::Query& query, const views::NodePresences& presences, Note note,
                 LookoutOptions options)
    : query_(query),
      presences_(presences),
      note_(std::move(note)),
      options_(options),
      signs_(options.signs) {}

/// A step that a person forbade has ended when it is found, and is among no open findings.
void Lookout::accept(const engine::Changes& committed, base::Instant now) {
    signs_.accept(committed, now);
    for (const auto& line : committed.quarantined) due_.insert(line.node);
    for (const auto& [key, finding] : committed.findings) {
        due_.insert(key.node);
        if (key.code != detect::Code::step || steps_.size() >= options_.steps_max) continue;
        steps_[key] = {.symptom = {.code = "step",
                                   .node = key.node,
                                   .series = key.series,
                                   .severity = finding.severity,
                                   .sentence = finding.sentence,
                                   .since = finding.from},
                       .until = now + options_.step_shown};
    }
}

base::Status Lookout::begin_round(const std::set<std::string>& others, base::Instant now) {
    if (!round_.empty()) return base::Done{};
    if (round_began_ && now - *round_began_ < options_.round) return base::Done{};
    const auto rows = query_.nodes();
    if (!rows) return rows.error();
    round_began_ = now;
    round_ = others;
    for (const auto& row : rows.value()) round_.insert(row.node);
    for (const auto& [node, presence] : presences_) round_.insert(node);
    round_.erase("");
    std::erase_if(steps_, [&](const auto& step) { return step.second.until <= now; });
    return base::Done{};
}

std::string Lookout::next() {
    auto& from = due_.empty() ? round_ : due_;
    auto node = *from.begin();
    due_.erase(node);
    round_.erase(node);
    return node;
}

base::Result<std::map<std::string, std::vector<Symptom>>> Lookout::look(
    const std::set<std::string>& others, std::optional<base::Instant> whole_since, Moment now) {
    std::map<std::string, std::vector<Symptom>> all;
    if (auto begun = begin_round(others, now.instant); !begun) return begun.error();
    while (all.size() < options_.nodes_max && (!due_.empty() || !round_.empty())) {
        const auto node = next();
        auto found = needs(node, whole_since, now);
        if (!found) return found.error();
        all[node] = std::move(found).value();
    }
    return all;
}

base::Result<std::vector<Symptom>> Lookout::needs(const std::string& node,
                                                  std::optional<base::Instant> whole_since,
                                                  Moment now) {
    const auto row = query_.node(node);
    if (!row) return row.error();
    const auto series = query_.series(node);
    if (!series) return series.error();
    views::NodeView view{.node = node,
                         .row = row.value() ? &*row.value() : nullptr,
                         .presence = views::presence_of(presences_, node),
                         .series = {}};
    if (auto added = views::add_stored(view, query_, now.time); !added) return added.error();
    for (const auto& one : series.value()) view.series.push_back(&one);
    if (view.row == nullptr && view.presence == nullptr) signs_.forget(node);
    // First noted, then told: the API makes its list from the same.
    if (view.presence != nullptr) note_(node, signs_.of(view, whole_since, now));
    auto symptoms = views::needs_of(view);
    for (const auto& [key, step] : steps_) {
        if (key.node == node && step.until > now.instant) symptoms.push_back(step.symptom);
    }
    return symptoms;
}

}  // namespace alerts
