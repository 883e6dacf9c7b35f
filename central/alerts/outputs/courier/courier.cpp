#include "central/alerts/outputs/courier/courier.hpp"

#include <algorithm>
#include <utility>

#include "base/log.hpp"

namespace alerts {

Courier::Courier(std::string output, CourierOptions options, base::Counters& counters,
                 std::uint64_t seed)
    : output_(std::move(output)),
      options_(options),
      counters_(counters),
      backoff_(options_.backoff, seed) {
    ENSURE(options_.waiting_max > 0);
}

void Courier::offer(const Alert& alert) {
    if (under_way_ && under_way_->alert.id == alert.id &&
        under_way_->alert.revision >= alert.revision) {
        return;
    }
    const auto older = find(alert.id);
    if (older != waiting_.end() && older->alert.revision >= alert.revision) return;
    if (older != waiting_.end()) {
        counter("superseded", "Forms of alerts that a newer one replaced before they were sent.")
            .add();
    }
    if (alert.is_silenced && alert.state != State::closed) {
        if (older != waiting_.end()) waiting_.erase(older);
        return withhold(alert);
    }
    if (older != waiting_.end()) {
        *older = {.alert = alert};
        return;
    }
    if (waiting_.size() >= options_.waiting_max) {
        counter("unsent", "Alerts that were not sent because too many waited.").add();
        base::log_error("too many alerts wait; the oldest is dropped",
                        {{"output", output_}, {"alert", waiting_.front().alert.sentence}});
        waiting_.pop_front();
    }
    waiting_.push_back({.alert = alert});
}

void Courier::withhold(const Alert& alert) {
    counter("withheld", "Forms of alerts that were not sent because they are silenced.").add();
    delivered_.push_back({.id = alert.id, .revision = alert.revision});
}

std::deque<Courier::Letter>::iterator Courier::find(const std::string& id) {
    return std::find_if(waiting_.begin(), waiting_.end(),
                        [&](const Letter& letter) { return letter.alert.id == id; });
}

bool Courier::is_due(const Letter& letter, base::Instant now) const {
    if (is_quiet_ && letter.alert.severity != detect::Severity::critical) return false;
    const auto told = told_.find(letter.alert.id);
    return told == told_.end() || told->second.state != letter.alert.state ||
           now - told->second.at >= options_.update_every;
}

const Alert* Courier::begin(base::Instant now) {
    if (under_way_ || waiting_.empty() || now < next_at_) return nullptr;
    const auto due = std::find_if(waiting_.begin(), waiting_.end(),
                                  [&](const Letter& letter) { return is_due(letter, now); });
    if (due == waiting_.end()) return nullptr;
    under_way_ = std::move(*due);
    waiting_.erase(due);
    return &under_way_->alert;
}

void Courier::finish(const Attempt& attempt, base::Instant now) {
    ENSURE(under_way_);
    auto letter = std::move(*under_way_);
    under_way_.reset();
    switch (attempt.outcome) {
        case Attempt::Outcome::delivered:
            return note_delivered(letter, now);
        case Attempt::Outcome::refused:
            return give_up(letter, "refused", attempt.reason);
        case Attempt::Outcome::failed:
            return try_later(std::move(letter), attempt, now);
    }
}

void Courier::note_delivered(const Letter& letter, base::Instant now) {
    const auto& alert = letter.alert;
    delivered_.push_back({.id = alert.id, .revision = alert.revision});
    counter("sent", "Alerts that were sent, each form once.").add();
    if (alert.state == State::closed) {
        told_.erase(alert.id);
    } else {
        if (told_.size() >= options_.waiting_max) told_.erase(told_.begin());
        told_[alert.id] = {.state = alert.state, .at = now};
    }
    backoff_.reset();
    next_at_ = now;
    trouble_.clear();
}

void Courier::try_later(Letter letter, const Attempt& attempt, base::Instant now) {
    counter("retried", "Failed tries to send an alert.").add();
    trouble_ = attempt.reason;
    const auto wished = std::min(attempt.wait.value_or(base::Duration::zero()), options_.wait_max);
    next_at_ = now + std::max(backoff_.next(), wished);
    ++letter.attempts;
    const bool is_last = options_.attempts_max > 0 && letter.attempts >= options_.attempts_max;
    if (is_last) {
        give_up(letter, "attempts", attempt.reason);
    } else if (find(letter.alert.id) != waiting_.end()) {
        counter("superseded", "Forms of alerts that a newer one replaced before they were sent.")
            .add();
    } else {
        waiting_.push_back(std::move(letter));  // Last, so that it keeps no other from going.
    }
}

void Courier::give_up(const Letter& letter, const char* word, const std::string& reason) {
    trouble_ = reason;
    // What is over is not tried again after a restart; what holds is, as somebody may mend it.
    if (letter.alert.state == State::closed) {
        delivered_.push_back({.id = letter.alert.id, .revision = letter.alert.revision});
    }
    counters_
        .counter("leat_central_alerts_given_up_total",
                 "Alerts that a receiver refused, or that failed too often.",
                 {{"output", output_}, {"reason", word}})
        .add();
    base::log_error("an alert is given up",
                    {{"output", output_}, {"alert", letter.alert.sentence}, {"reason", reason}});
}

std::vector<Delivered> Courier::take_delivered() {
    return std::exchange(delivered_, {});
}

base::Counter& Courier::counter(const char* name, const char* help) const {
    return counters_.counter("leat_central_alerts_" + std::string{name} + "_total", help,
                             {{"output", output_}});
}

}  // namespace alerts
