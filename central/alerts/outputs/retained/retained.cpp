#include "central/alerts/outputs/retained/retained.hpp"

#include <fmt/format.h>

#include <utility>

namespace alerts {

Retained::Retained(RetainedOptions options, broker::Connection& connection,
                   base::Counters& counters)
    : options_(std::move(options)), connection_(connection), counters_(counters) {
    ENSURE(options_.area.ends_with('/'));
}

void Retained::want(const std::string& topic, const std::string& payload) {
    if (!topics_.contains(topic) && topics_.size() >= options_.topics_max) {
        counters_
            .counter("leat_central_alerts_unsent_total",
                     "Alerts that were not sent because too many waited.",
                     {{"output", options_.output}})
            .add();
        return;
    }
    auto& entry = topics_[topic];
    if (is_compared_ && is_ours(topic) && !entry.held) entry.held = std::string{};
    entry.wanted = payload;
    make_due(topic, entry);
    if (!entry.is_due && payload.empty()) topics_.erase(topic);
}

bool Retained::is_wanted(const std::string& topic) const {
    const auto found = topics_.find(topic);
    return found != topics_.end() && !found->second.wanted.empty();
}

bool Retained::is_done(const std::string& topic) const {
    const auto found = topics_.find(topic);
    return found == topics_.end() || found->second.is_done();
}

bool Retained::accept(const broker::Message& message) {
    if (!is_ours(message.topic)) return false;
    observe_session();
    // What is not retained is only the echo of what we have sent.
    if (!message.retained) return true;
    if (!topics_.contains(message.topic) && topics_.size() >= options_.topics_max) return true;
    auto& entry = topics_[message.topic];
    entry.held = message.payload;
    if (is_compared_) make_due(message.topic, entry);
    return true;
}

void Retained::make_due(const std::string& name, Topic& topic) {
    if (topic.is_due || topic.is_done()) return;
    topic.is_due = true;
    due_.push_back(name);
}

void Retained::tick(base::Instant now) {
    observe_session();
    if (session_ == 0) return;
    if (!settled_at_) settled_at_ = now + options_.settle;
    if (now < *settled_at_) return;
    if (!is_compared_) compare();
    observe_refusal();
    for (std::size_t i = 0; i < options_.publishes_per_tick_max && !due_.empty(); ++i) {
        if (!publish(due_.front())) break;
        due_.pop_front();
    }
}

/// What the broker holds may reach us before the session begins, which is when all subscriptions
/// are confirmed; but not before the session before was seen to be over.
void Retained::observe_session() {
    const auto session = connection_.session();
    if (session == session_) return;
    if (session_ != 0) {
        for (auto& [name, entry] : topics_) entry.held.reset();
    }
    session_ = session;
    settled_at_.reset();
    is_compared_ = false;
    last_.clear();
    trouble_.clear();
}

/// What the broker has not told of our area, it does not hold.
void Retained::compare() {
    is_compared_ = true;
    for (auto& [name, entry] : topics_) {
        if (!entry.held && is_ours(name)) entry.held = std::string{};
        make_due(name, entry);
    }
    std::erase_if(topics_, [](const auto& topic) {
        return topic.second.wanted.empty() && !topic.second.is_due;
    });
}

/// False when the connection takes nothing more at the moment.
bool Retained::publish(const std::string& name) {
    const auto found = topics_.find(name);
    if (found == topics_.end()) return true;
    auto& entry = found->second;
    if (!entry.is_done()) {
        const auto sent = connection_.publish(
            {.topic = name, .payload = entry.wanted, .qos = 1, .retain = true, .expiry = {}});
        if (!sent && sent.error().fault != base::Fault::malformed) return false;
        if (!sent) refuse(sent.error().detail);
        entry.held = entry.wanted;
        last_ = name;
        counters_
            .counter("leat_central_alerts_sent_total", "Alerts that were sent, each form once.",
                     {{"output", options_.output}})
            .add();
    }
    entry.is_due = false;
    if (entry.wanted.empty()) topics_.erase(found);
    return true;
}

void Retained::refuse(const std::string& why) {
    trouble_ = why;
    counters_
        .counter("leat_central_alerts_given_up_total",
                 "Alerts that a receiver refused, or that failed too often.",
                 {{"output", options_.output}, {"reason", "refused"}})
        .add();
}

void Retained::observe_refusal() {
    if (last_.empty()) return;
    const int code = connection_.refusal(last_);
    if (code == 0) return;
    refuse(fmt::format("the broker refuses {}, reason {:#x}: let central's user write there", last_,
                       code));
    last_.clear();
}

}  // namespace alerts
