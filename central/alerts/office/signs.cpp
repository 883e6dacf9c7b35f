#include "central/alerts/office/signs.hpp"

#include <algorithm>

#include "central/views/circumstances.hpp"

namespace alerts {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t kIncarnationsMax = 4;
constexpr std::size_t kSamplesMax = 8;
constexpr base::Duration kSampleEvery = 5min;
constexpr base::Duration kGrowsFor = 30min;
constexpr base::Duration kNotFallingFor = 10min;
constexpr int kPeriods = 3;

/// Of its fastest series; nothing where none has a period.
std::optional<base::Duration> period_of(const views::NodeView& view) {
    std::optional<base::Duration> shortest;
    for (const auto* series : view.series) {
        const auto& period = series->declared.period;
        if (period && series->last_at && (!shortest || *period < *shortest)) shortest = period;
    }
    return shortest;
}

/// The word before the colon: "conflict" of "conflict: another record …".
std::string kind_of(const std::string& reason) {
    return reason.substr(0, reason.find(':'));
}

}  // namespace

void Signs::accept(const engine::Changes& committed, base::Instant now) {
    for (const auto& [node, row] : committed.nodes) {
        accept_incarnation(known_[node], row.incarnation, now);
    }
    for (const auto& line : committed.quarantined) {
        auto& known = known_[line.node];
        const auto kind = kind_of(line.reason);
        if (kind == "conflict") {
            known.doubled_at = now;  // Another history under the same numbers: a copied card.
        } else if (kind != "series_limit") {
            known.refused = line.reason;
            known.refused_at.push_front(now);
            if (known.refused_at.size() > options_.refused_least) known.refused_at.pop_back();
        }
    }
}

/// A node that begins anew never takes an old incarnation up again: then there are two.
void Signs::accept_incarnation(Known& known, const wire::Incarnation& incarnation,
                               base::Instant now) const {
    auto& all = known.incarnations;
    if (!all.empty() && all.front() == incarnation) return;
    const auto earlier = std::find(all.begin(), all.end(), incarnation);
    if (earlier != all.end()) {
        known.doubled_at = now;
        all.erase(earlier);
    }
    all.push_front(incarnation);
    if (all.size() > kIncarnationsMax) all.pop_back();
}

views::NodeSigns Signs::of(const views::NodeView& view, std::optional<base::Instant> whole_since,
                           Moment now) {
    auto& known = known_[view.node];
    const auto told = known.told;
    auto& signs = known.told = {};
    judge_silence(known, view, whole_since, now.instant);
    if (known.silent) signs.silent_since = known.silent->since;
    const auto since = [&](bool is_so, const std::optional<base::EventTime>& before) {
        return is_so ? std::optional{before.value_or(now.time)} : std::nullopt;
    };
    const auto holds = [&](base::Instant at) { return now.instant - at < options_.holds_for; };
    signs.doubled_since = since(known.doubled_at && holds(*known.doubled_at), told.doubled_since);
    signs.outbox_grows_since = since(is_growing(known, view, now.instant), told.outbox_grows_since);
    const bool is_refused =
        known.refused_at.size() >= options_.refused_least && holds(known.refused_at.back());
    signs.refused_since = since(is_refused, told.refused_since);
    if (is_refused) signs.refused = known.refused;
    return signs;
}

/// By a clock that never steps: a centre whose clock is set calls nobody silent for that.
/// By records, and not by the word of the broker, who keeps a connection to a program that hangs.
/// Once silent, a node is so until a record comes.
void Signs::judge_silence(Known& known, const views::NodeView& view,
                          std::optional<base::Instant> whole_since, base::Instant now) {
    const auto* row = view.row;
    if (row == nullptr || row->applied.seq == 0) return known.silent.reset();
    if (!known.heard || known.heard->stored_at != row->stored_at) {
        known.heard = {.stored_at = row->stored_at, .at = now};
    }
    if (remembered_.erase(view.node) > 0) {
        known.silent = {.stored_at = row->stored_at, .since = row->stored_at};
    }
    if (known.silent && known.silent->stored_at == row->stored_at) return;
    known.silent.reset();
    const bool is_ready =
        view.presence != nullptr && view.presence->state == wire::NodeState::ready;
    const auto period = period_of(view);
    if (!is_ready || !whole_since || !period) return;
    const auto patience = std::max(options_.silent_after, kPeriods * *period);
    if (now - std::max(known.heard->at, *whole_since) <= patience) return;
    known.silent = {.stored_at = row->stored_at, .since = row->stored_at};
}

/// More than half an hour ago, and a backlog that has not fallen for ten minutes: one that was
/// filled at once, and empties, does not grow.
bool Signs::is_growing(Known& known, const views::NodeView& view, base::Instant now) const {
    auto& samples = known.waiting;
    if (view.presence == nullptr || !view.presence->details || views::is_away(*view.presence)) {
        samples.clear();
        return false;
    }
    const auto records = view.presence->details->outbox_records;
    if (samples.empty() || now - samples.front().at >= kSampleEvery) {
        samples.push_front({.at = now, .records = records});
        if (samples.size() > kSamplesMax) samples.pop_back();
    }
    if (records < options_.waiting_least || now - samples.back().at < kGrowsFor) return false;
    const auto recent = std::find_if(samples.begin(), samples.end(), [&](const Waiting& sample) {
        return now - sample.at >= kNotFallingFor;
    });
    return records > samples.back().records && recent->records >= options_.waiting_least &&
           records >= recent->records;
}

void Signs::forget(const std::string& node) {
    known_.erase(node);
    remembered_.erase(node);
}

}  // namespace alerts
