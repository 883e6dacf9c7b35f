#include "central/alerts/desk/desk.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "base/ensure.hpp"

namespace alerts {

namespace {

constexpr const char* kUnknown = "unknown, was: ";

/// Each return of what flaps doubles the time for which it must be gone, up to this many times.
constexpr std::uint32_t kDoublingsMax = 4;

constexpr base::Duration kFirstWord = std::chrono::minutes{1};

std::string id_of(const std::string& node, const std::string& series, const std::string& code,
                  base::EventTime opened) {
    constexpr std::uint64_t kBasis = 0xcbf29ce484222325U;  // FNV-1a
    constexpr std::uint64_t kPrime = 0x100000001b3U;
    auto hash = kBasis;
    const auto text = fmt::format("{}/{}/{}/{}", node, series, code, base::to_milliseconds(opened));
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * kPrime;
    return fmt::format("{:016x}", hash);
}

/// Of several in one case the first is told whole.
void add(Symptom& first, const Symptom& other) {
    first.sentence += "; " + other.sentence;
    first.severity = std::max(first.severity, other.severity);
    if (first.advice.empty()) first.advice = other.advice;
}

}  // namespace

Desk::Key Desk::key_of(const Symptom& symptom) {
    const auto& rule = rule_of(symptom.code);
    const bool is_absence = rule.name == kNodeSilent;
    return {symptom.node, symptom.series, is_absence ? std::string{kNodeSilent} : symptom.code};
}

void Desk::restore(const std::vector<Alert>& alerts, Moment now) {
    restored_at_ = now.instant;
    broken_at_ = now.instant;
    for (const auto& alert : alerts) {
        const auto key = key_of(
            {.code = alert.code, .node = alert.node, .series = alert.series, .sentence = {}});
        auto& known = cases_[key];
        const bool is_newer = !known.alert || known.alert->opened < alert.opened;
        if (!is_newer) continue;
        if (known.holds()) --open_;
        known.alert = alert;
        known.told_at = now.instant;
        if (known.holds()) ++open_;
        if (alert.closed) known.ended_at = now.instant - (now.time - *alert.closed);
    }
}

std::map<Desk::Key, Symptom> Desk::sorted(const std::vector<Symptom>& symptoms) const {
    std::map<Key, Symptom> all;
    for (const auto& symptom : symptoms) {
        if (!options_.rules.contains(std::string{rule_of(symptom.code).name})) continue;
        const auto [place, is_first] = all.try_emplace(key_of(symptom), symptom);
        if (!is_first) add(place->second, symptom);
    }
    return all;
}

Desk::Absence Desk::absence_of(const std::string& node,
                               const std::vector<Symptom>& symptoms) const {
    Absence absence;
    absence.is_seen = std::any_of(symptoms.begin(), symptoms.end(), [](const auto& one) {
        return rule_of(one.code).name == kNodeSilent;
    });
    const auto known = cases_.find({node, {}, std::string{kNodeSilent}});
    absence.is_told = known != cases_.end() && known->second.holds();
    // Whoever turned the rule off still knows nothing of the readings.
    const bool is_on = options_.rules.contains(std::string{kNodeSilent});
    if (!is_on) absence.is_told = absence.is_seen;
    return absence;
}

/// Nodes that could not be heard come back one by one.
bool Desk::is_line_whole(Moment now) const {
    return !is_broken_ && (!broken_at_ || now.instant - *broken_at_ >= options_.grace);
}

/// The broker's word on a node that was lost before a restart comes a moment after it.
bool Desk::is_listening(Moment now) const {
    return !is_broken_ && (!restored_at_ || now.instant - *restored_at_ >= kFirstWord);
}

void Desk::judge(const std::string& node, const std::vector<Symptom>& symptoms, Moment now) {
    if (!broken_at_) broken_at_ = now.instant;
    if (node.empty()) {
        is_broken_ = !symptoms.empty();
        if (is_broken_) broken_at_ = now.instant;
    }
    const auto present = sorted(symptoms);
    // Whether the node is heard decides about all the rest, so that comes first.
    for (const bool is_first : {true, false}) {
        const auto absence = absence_of(node, symptoms);
        for (const auto& [key, symptom] : present) {
            ENSURE(std::get<0>(key) == node);
            if (is_absence(key) == is_first) see(key, symptom, absence, now);
        }
        for (auto next = cases_.lower_bound({node, {}, {}});
             next != cases_.end() && std::get<0>(next->first) == node;) {
            const auto here = next++;
            if (is_absence(here->first) != is_first || present.contains(here->first)) continue;
            miss(here->first, here->second, absence, now);
            if (!here->second.alert) cases_.erase(here);
        }
    }
}

void Desk::see(const Key& key, const Symptom& symptom, const Absence& absence, Moment now) {
    const auto known = cases_.find(key);
    if (known == cases_.end() || !known->second.holds()) return wait(key, symptom, absence, now);
    go_on(key, known->second, symptom, absence.is_told && !is_absence(key), now);
}

/// One cause is one alert: a node cannot be heard through a broken line, nor a series of a node
/// that is away, or was when the line broke.
void Desk::wait(const Key& key, const Symptom& symptom, const Absence& absence, Moment now) {
    const bool is_whole = is_line_whole(now);
    const bool is_inhibited =
        is_absence(key) ? !is_whole : absence.is_seen || (absence.is_told && !is_whole);
    auto& known = cases_[key];
    if (is_inhibited) {
        known.seen_since.reset();
        if (!known.alert) cases_.erase(key);
        return;
    }
    if (!known.seen_since) known.seen_since = now.instant;
    const auto opens_after = std::min(rule_of(symptom.code).opens_after, options_.wait_max);
    if (now.instant - *known.seen_since < opens_after) return;
    if (open_ >= options_.open_max) {
        if (!known.is_refused) ++refused_;
        known.is_refused = true;
        return;
    }
    open(key, known, symptom, now);
}

void Desk::open(const Key& key, Case& known, const Symptom& symptom, Moment now) {
    known.seen_since.reset();
    known.gone_since.reset();
    known.is_refused = false;
    ++open_;
    const bool is_same = known.alert && now.instant - known.ended_at <= options_.same_within;
    if (is_same) {
        auto& alert = *known.alert;
        ++alert.times;
        alert.code = symptom.code;
        alert.state = State::open;
        alert.closed.reset();
        alert.severity = symptom.severity;
        alert.sentence = symptom.sentence;
        alert.advice = symptom.advice;
        return change(key, known, now);
    }
    const auto& [node, series, code] = key;
    known.alert = Alert{.id = id_of(node, series, code, now.time),
                        .code = symptom.code,
                        .node = node,
                        .series = series,
                        .severity = symptom.severity,
                        .opened = now.time,
                        .updated = now.time,
                        .revision = 0,
                        .sentence = symptom.sentence,
                        .advice = symptom.advice};
    change(key, known, now);
}

void Desk::go_on(const Key& key, Case& known, const Symptom& symptom, bool is_unknown, Moment now) {
    auto& alert = *known.alert;
    bool is_new = false;
    if (known.gone_since) {
        known.gone_since.reset();
        ++alert.times;
    }
    const auto state = is_unknown ? State::unknown : State::open;
    const auto sentence = is_unknown ? kUnknown + symptom.sentence : symptom.sentence;
    // Under a new code it is something else that one should know: the node was lost, not stopped.
    if (alert.state != state || alert.code != symptom.code || alert.severity < symptom.severity) {
        is_new = true;
    }
    const bool has_new_words = alert.sentence != sentence || alert.severity != symptom.severity ||
                               alert.advice != symptom.advice;
    if (has_new_words && now.instant - known.told_at >= options_.words_every) is_new = true;
    if (!is_new) return;
    alert.state = state;
    alert.code = symptom.code;
    alert.severity = symptom.severity;
    alert.sentence = sentence;
    alert.advice = symptom.advice;
    change(key, known, now);
}

void Desk::miss(const Key& key, Case& known, const Absence& absence, Moment now) {
    known.seen_since.reset();
    known.is_refused = false;
    if (!known.holds()) return;
    auto& alert = *known.alert;
    const bool is_deaf = is_absence(key) ? !is_listening(now) : absence.is_seen || absence.is_told;
    if (is_deaf) {
        known.gone_since.reset();
        if (is_absence(key) || !absence.is_told || alert.state == State::unknown) return;
        alert.state = State::unknown;
        alert.sentence = kUnknown + alert.sentence;
        return change(key, known, now);
    }
    if (!known.gone_since) known.gone_since = now.instant;
    if (now.instant - *known.gone_since >= patience_of(alert)) close(key, known, now);
}

base::Duration Desk::patience_of(const Alert& alert) const {
    const auto doublings = std::min(alert.times - 1, kDoublingsMax);
    return std::min(rule_of(alert.code).closes_after * (1U << doublings), options_.wait_max);
}

void Desk::close(const Key& key, Case& known, Moment now) {
    auto& alert = *known.alert;
    if (alert.state == State::unknown) {
        alert.sentence = alert.sentence.substr(std::string_view{kUnknown}.size());
    }
    alert.state = State::closed;
    alert.closed = now.time;
    known.gone_since.reset();
    known.ended_at = now.instant;
    --open_;
    change(key, known, now);
}

void Desk::change(const Key& key, Case& known, Moment now) {
    ++known.alert->revision;
    known.alert->updated = now.time;
    known.told_at = now.instant;
    changed_.insert(key);
}

void Desk::heed(const std::vector<Silence>& silences, Moment now) {
    for (auto& [key, known] : cases_) {
        if (!known.holds()) continue;
        const auto& alert = *known.alert;
        const bool is_silenced =
            std::any_of(silences.begin(), silences.end(),
                        [&](const Silence& one) { return covers(one, alert, now.time); });
        if (alert.is_silenced == is_silenced) continue;
        known.alert->is_silenced = is_silenced;
        const auto told_at = known.told_at;
        change(key, known, now);
        known.told_at = told_at;  // Its words are as old as before.
    }
}

void Desk::forget(Moment now) {
    std::multimap<base::Instant, Key> ended;
    for (const auto& [key, known] : cases_) {
        if (known.alert && !known.holds() && !known.seen_since) ended.emplace(known.ended_at, key);
    }
    auto surplus = ended.size() > options_.open_max ? ended.size() - options_.open_max : 0;
    for (const auto& [at, key] : ended) {
        const bool is_old = now.instant - at > options_.same_within;
        if (!is_old && surplus == 0) return;
        if (surplus > 0) --surplus;
        if (!changed_.contains(key)) cases_.erase(key);
    }
}

std::vector<Alert> Desk::take_changed() {
    std::vector<Alert> all;
    for (const auto& key : changed_) all.push_back(*cases_.at(key).alert);
    changed_.clear();
    return all;
}

std::set<std::string> Desk::nodes() const {
    std::set<std::string> all;
    for (const auto& [key, known] : cases_) {
        if (known.holds()) all.insert(std::get<0>(key));
    }
    return all;
}

}  // namespace alerts
