#include "central/alerts/office/office.hpp"

#include <fmt/format.h>

#include <utility>

#include "base/log.hpp"

namespace alerts {

namespace {

/// Deliveries that wait for the book; those beyond are told again after a restart at worst.
constexpr std::size_t kDeliveriesMax = 10'000;

}  // namespace

Office::Office(OfficeOptions options, Book& book, Lookout lookout, Outputs outputs,
               base::Counters& counters)
    : options_(std::move(options)),
      book_(book),
      lookout_(std::move(lookout)),
      desk_(options_.desk),
      dispatcher_(std::move(outputs), options_.dispatcher, counters),
      opened_(counters.counter("leat_central_alerts_opened_total",
                               "Times that an alert was opened, or came back.")),
      closed_(
          counters.counter("leat_central_alerts_closed_total", "Times that an alert was closed.")),
      refused_(counters.counter("leat_central_alerts_refused_total",
                                "Alerts that were not opened because too many were open.")),
      dropped_(counters.counter("leat_central_alerts_dropped_total",
                                "Oldest alerts that had ended, dropped from the database.")),
      errors_(counters.counter("leat_central_alert_errors_total",
                               "Times that alerts could not be read or written.")),
      open_(counters.gauge("leat_central_alerts_open", "Alerts that hold.")),
      waiting_(counters.gauge("leat_central_alerts_waiting",
                              "Alerts that an output has yet to deliver.")) {}

void Office::accept(const engine::Changes& committed, base::Instant now) {
    if (options_.is_enabled) lookout_.accept(committed, now);
}

void Office::accept_presence(const std::string& node) {
    if (options_.is_enabled) lookout_.accept_presence(node);
}

void Office::tick(const LineStatus& line, Moment now) {
    if (!options_.is_enabled || !restore(now)) return;
    if (!looked_at_ || now.instant - *looked_at_ >= options_.every) {
        looked_at_ = now.instant;
        look(line, now);
        spread(now);
        dispatcher_.offer(now.time);
        report_troubles(now.instant);
    }
    for (auto& one : dispatcher_.take_deliveries()) unsaved_deliveries_.push_back(std::move(one));
    save(now);
    dispatcher_.tick(now.instant);
}

/// Nothing is judged before it is known what there was: it would all be told once more.
bool Office::restore(Moment now) {
    if (is_restored_) return true;
    if (resume_at_ && now.instant < *resume_at_) return false;
    const auto kept = book_.load(now.time - options_.desk.same_within);
    if (!kept) {
        fail(kept.error(), now.instant);
        return false;
    }
    desk_.restore(kept.value().alerts, now);
    dispatcher_.restore(kept.value());
    for (const auto& alert : kept.value().alerts) {
        const bool is_silent = alert.code == "node_silent" && alert.state != State::closed;
        if (is_silent) lookout_.remember_silent(alert.node);
    }
    is_restored_ = true;
    return true;
}

void Office::look(const LineStatus& line, Moment now) {
    desk_.judge({}, line_.observe(line, now), now);
    auto found = lookout_.look(desk_.nodes(), line_.whole_since(), now);
    if (found) {
        for (const auto& [node, symptoms] : found.value()) desk_.judge(node, symptoms, now);
    }
    read_silences(now);
    desk_.heed(silences_, now);
    desk_.forget(now);
}

/// A silence that cannot be read holds on as it was read last.
void Office::read_silences(Moment now) {
    if (resume_at_ && now.instant < *resume_at_) return;
    auto read = book_.silences(now.time);
    if (!read) return fail(read.error(), now.instant);
    silences_ = std::move(read).value();
}

void Office::spread(Moment /*now*/) {
    for (auto& alert : desk_.take_changed()) {
        count(alert);
        dispatcher_.accept(alert);
        news_.push_back(alert);
        auto id = alert.id;
        unsaved_.insert_or_assign(std::move(id), std::move(alert));
    }
    if (desk_.refused() > static_cast<std::uint64_t>(refused_.value())) {
        base::log_warn("too many alerts are open; more wait until there is room",
                       {{"open", desk_.open()}});
    }
    refused_.set(static_cast<double>(desk_.refused()));
    open_.set(static_cast<double>(desk_.open()));
    waiting_.set(static_cast<double>(dispatcher_.waiting()));
}

void Office::count(const Alert& alert) {
    if (alert.state == State::closed) {
        closed_.add();
        base::log_info("alert closed", {{"alert", alert.id}, {"sentence", alert.sentence}});
        return;
    }
    const bool is_new = alert.revision == 1;
    if (!is_new) return;
    opened_.add();
    base::log_warn("alert", {{"alert", alert.id}, {"sentence", alert.sentence}});
}

void Office::save(Moment now) {
    if (unsaved_.empty() && unsaved_deliveries_.empty()) return;
    if (resume_at_ && now.instant < *resume_at_) return;
    std::vector<Alert> alerts;
    for (const auto& [id, alert] : unsaved_) alerts.push_back(alert);
    const auto saved = book_.save(alerts, unsaved_deliveries_);
    if (!saved) {
        if (unsaved_deliveries_.size() > kDeliveriesMax) unsaved_deliveries_.clear();
        return fail(saved.error(), now.instant);
    }
    dropped_.add(saved.value());
    unsaved_.clear();
    unsaved_deliveries_.clear();
    resume_at_.reset();
    if (reminder_.is_due({}, now.instant)) base::log_info("alerts are kept in the database again");
}

void Office::fail(const base::Error& error, base::Instant now) {
    errors_.add();
    resume_at_ = now + options_.book_pause;
    if (reminder_.is_due(error.detail, now)) {
        base::log_warn("alerts cannot be kept in the database; trying again",
                       {{"reason", error.detail}});
    }
}

void Office::report_troubles(base::Instant now) {
    std::string text;
    for (const auto& [name, trouble] : dispatcher_.troubles()) {
        text += (text.empty() ? "" : "; ") + name + ": " + trouble;
    }
    if (!output_reminder_.is_due(text, now)) return;
    if (text.empty()) return base::log_info("alerts get out again");
    base::log_warn("alerts do not get out", {{"reason", text}});
}

}  // namespace alerts
