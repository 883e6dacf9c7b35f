#include "central/pipeline/comparison.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "central/detect/drift/hour.hpp"
#include "central/detect/drift/neighbourhood.hpp"

namespace central {

namespace {

constexpr base::Duration kHour = std::chrono::hours{1};

/// How much of what was stored before is judged when a kind is new.
constexpr base::Duration kPast = std::chrono::hours{30 * 24};

/// Without hourly windows there is nothing to compare.
bool has_hours(const engine::EngineOptions& engine) {
    return std::find(engine.spans.begin(), engine.spans.end(), kHour) != engine.spans.end();
}

}  // namespace

Comparison::Comparison(const PipelineOptions& options, const engine::EngineOptions& engine,
                       sinks::Sink& sink)
    : has_hours_(has_hours(engine)),
      is_off_(!options.drift || !engine.detection),
      every_(options.compare_every),
      patience_(options.neighbours_patience),
      bound_(engine.watermark_bound),
      sink_(sink) {}

void Comparison::forget() {
    due_.clear();
    look_again_.reset();
}

base::Result<std::optional<sinks::Commit>> Comparison::next(base::Instant now) {
    using Next = std::optional<sinks::Commit>;
    if (!has_hours_) return Next{};
    if (due_.empty()) {
        if (look_again_ && (is_off_ || now < *look_again_)) return Next{};
        if (auto looked = look(); !looked) return looked.error();
        look_again_ = now + every_;
    }
    if (due_.empty()) return Next{};
    if (due_.back().is_over) {
        const auto due = std::move(due_.back());
        due_.pop_back();
        auto ended = judge(due, engine::window_start(due.to, kHour));
        if (!ended) return ended.error();
        return Next{std::move(ended).value()};
    }
    auto& due = due_.back();
    const auto hour = sink_.neighbours().next_hour(due.kind, due.from);
    if (!hour) return hour.error();
    if (!hour.value() || *hour.value() + kHour > due.to) {
        due_.pop_back();
        return Next{};
    }
    due.from = *hour.value() + kHour;
    auto judged = judge(due, *hour.value());
    if (!judged) return judged.error();
    return Next{std::move(judged).value()};
}

base::Status Comparison::look() {
    const auto kinds = sink_.neighbours().kinds();
    if (!kinds) return kinds.error();
    for (const auto& state : kinds.value()) {
        const auto to = known_until(state);
        if (is_off_ || state.series < detect::drift::kGroupLeast) {
            if (state.is_known) due_.push_back({state.kind, state.judged.value_or(to), to, true});
            continue;
        }
        const auto from = state.judged.value_or(to - kPast);
        if (from + kHour <= to) due_.push_back({.kind = state.kind, .from = from, .to = to});
    }
    std::reverse(due_.begin(), due_.end());
    return base::Done{};
}

/// The least watermark of the nodes that are waited for.
base::EventTime Comparison::known_until(const sinks::KindState& state) const {
    const auto newest = *std::max_element(state.newest.begin(), state.newest.end());
    auto least = newest;
    for (const auto node : state.newest) {
        if (node >= newest - patience_) least = std::min(least, node);
    }
    return least - bound_;
}

base::Result<sinks::Commit> Comparison::judge(const Due& due, base::EventTime hour) {
    auto found = sink_.neighbours().neighbours(due.kind, hour);
    if (!found) return found.error();
    auto neighbours = std::move(found).value();
    std::vector<detect::drift::Member> members;
    for (auto& neighbour : neighbours) members.push_back(std::move(neighbour.member));
    if (due.is_over) {
        for (auto& member : members) member.location.clear();
    }
    detect::drift::judge(hour, members);
    sinks::Commit commit;
    const auto end = due.is_over ? due.from : hour + kHour;
    commit.judged = sinks::JudgedHour{.kind = due.kind, .end = end, .changed = {}};
    for (std::size_t i = 0; i < members.size(); ++i) {
        auto& neighbour = neighbours[i];
        for (auto& finding : members[i].findings) {
            const detect::FindingKey key{.node = neighbour.node,
                                         .series = neighbour.series,
                                         .code = finding.code,
                                         .from = finding.from};
            commit.changes.findings.insert_or_assign(key, std::move(finding));
        }
        if (!members[i].is_changed) continue;
        neighbour.member = std::move(members[i]);
        commit.judged->changed.push_back(std::move(neighbour));
    }
    return commit;
}

}  // namespace central
