#include "central/alerts/dispatch/dispatcher.hpp"

#include <algorithm>
#include <utility>

namespace alerts {

namespace {

std::uint64_t revision_in(const std::map<std::string, std::uint64_t>& revisions,
                          const std::string& id) {
    const auto found = revisions.find(id);
    return found == revisions.end() ? 0 : found->second;
}

}  // namespace

Dispatcher::Dispatcher(Outputs outputs, DispatcherOptions options, base::Counters& counters)
    : options_(std::move(options)),
      dropped_(counters.counter("leat_central_alert_ends_dropped_total",
                                "Ends of alerts that waited too long for an output.")) {
    for (auto& output : outputs) {
        auto& counter = counters.counter(
            "leat_central_alerts_delivered_total",
            "Forms of alerts that an output has delivered; of a display, only ends.",
            {{"output", std::string{output->name()}}});
        ways_.push_back({.output = std::move(output), .counter = counter});
    }
}

/// What was offered and not delivered is offered again.
void Dispatcher::restore(const Kept& kept) {
    for (const auto& [output, what] : kept.deliveries) {
        for (auto& way : ways_) {
            if (way.output->name() != output) continue;
            way.offered[what.id] = what.revision;
            way.delivered[what.id] = what.revision;
        }
    }
    for (const auto& alert : kept.alerts) accept(alert);
}

void Dispatcher::accept(const Alert& alert) {
    alerts_.insert_or_assign(alert.id, alert);
    if (is_done(alert)) drop(alert.id);
}

/// Who was offered a beginning is told of the end, even when it is silenced by then; and of the
/// silence, while it still waits to tell of the alert.
bool Dispatcher::is_due(const Way& way, const Alert& alert, bool is_quiet) const {
    const auto offered = revision_in(way.offered, alert.id);
    if (offered >= alert.revision) return false;
    if (alert.state == State::closed && !way.offered.contains(alert.id)) return false;
    if (way.output->is_display()) return true;
    if (is_quiet && alert.severity != detect::Severity::critical) return false;
    const bool is_waiting = revision_in(way.delivered, alert.id) < offered;
    return alert.state == State::closed || !alert.is_silenced || is_waiting;
}

void Dispatcher::offer(base::EventTime now) {
    const bool is_quiet = options_.quiet.contains(now);
    for (auto& way : ways_) {
        way.output->keep_quiet(is_quiet);
        for (const auto& [id, alert] : alerts_) {
            if (!is_due(way, alert, is_quiet)) continue;
            const bool is_first = !way.offered.contains(id);
            way.offered[id] = alert.revision;
            way.output->offer(alert);
            if (!is_first) continue;
            way.delivered.emplace(id, 0);
            deliveries_.push_back({std::string{way.output->name()}, {id, 0}});
        }
    }
    drop_surplus();
}

void Dispatcher::tick(base::Instant now) {
    for (auto& way : ways_) {
        way.output->tick(now);
        for (auto& what : way.output->take_delivered()) {
            const auto known = way.delivered.find(what.id);
            if (known == way.delivered.end() || known->second >= what.revision) continue;
            known->second = what.revision;
            way.counter.add();
            const auto alert = alerts_.find(what.id);
            if (alert != alerts_.end() && is_done(alert->second)) drop(std::string{what.id});
            deliveries_.push_back({std::string{way.output->name()}, std::move(what)});
        }
    }
}

bool Dispatcher::is_done(const Alert& alert) const {
    if (alert.state != State::closed) return false;
    return std::all_of(ways_.begin(), ways_.end(), [&](const Way& way) {
        return !way.offered.contains(alert.id) ||
               revision_in(way.delivered, alert.id) >= alert.revision;
    });
}

/// Who has delivered its end knows of it: when it comes back, it is told as the same.
void Dispatcher::drop(const std::string& id) {
    alerts_.erase(id);
    for (auto& way : ways_) {
        way.offered.erase(id);
        way.delivered.erase(id);
    }
}

void Dispatcher::drop_surplus() {
    std::multimap<base::EventTime, std::string> ended;
    for (const auto& [id, alert] : alerts_) {
        if (alert.closed) ended.emplace(*alert.closed, id);
    }
    auto surplus = ended.size() > options_.ends_max ? ended.size() - options_.ends_max : 0;
    for (auto oldest = ended.begin(); surplus > 0; ++oldest, --surplus) {
        drop(oldest->second);
        dropped_.add();
    }
}

std::vector<Delivery> Dispatcher::take_deliveries() {
    return std::exchange(deliveries_, {});
}

std::map<std::string, std::string> Dispatcher::troubles() const {
    std::map<std::string, std::string> troubles;
    for (const auto& way : ways_) {
        auto trouble = way.output->trouble();
        if (!trouble.empty()) troubles.emplace(way.output->name(), std::move(trouble));
    }
    return troubles;
}

std::size_t Dispatcher::waiting() const {
    std::size_t waiting = 0;
    for (const auto& way : ways_) {
        if (way.output->is_display()) continue;
        for (const auto& [id, revision] : way.offered) {
            if (revision_in(way.delivered, id) < revision) ++waiting;
        }
    }
    return waiting;
}

}  // namespace alerts
