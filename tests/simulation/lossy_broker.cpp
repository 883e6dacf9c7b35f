#include "simulation/lossy_broker.hpp"

#include <algorithm>

namespace simulation {

namespace {

constexpr std::size_t kTransitMax = 400;
constexpr std::size_t kInboxMax = 64;

/// MQTT filter matching for what leat uses: levels and '+'.
bool matches(std::string_view filter, std::string_view topic) {
    while (true) {
        const auto filter_end = filter.find('/');
        const auto topic_end = topic.find('/');
        const auto level = filter.substr(0, filter_end);
        if (level != "+" && level != topic.substr(0, topic_end)) return false;
        const bool filter_done = filter_end == std::string_view::npos;
        const bool topic_done = topic_end == std::string_view::npos;
        if (filter_done || topic_done) return filter_done && topic_done;
        filter.remove_prefix(filter_end + 1);
        topic.remove_prefix(topic_end + 1);
    }
}

/// "$share/<group>/<filter>" → filter; empty when it is no shared subscription.
std::string_view shared_filter(std::string_view filter) {
    if (!filter.starts_with("$share/")) return {};
    filter.remove_prefix(7);
    return filter.substr(filter.find('/') + 1);
}

}  // namespace

SimulatedConnection::SimulatedConnection(LossyBroker& relay, std::vector<std::string> filters)
    : relay_(relay), filters_(std::move(filters)) {
    relay_.clients_.push_back(this);
}

SimulatedConnection::~SimulatedConnection() {
    std::erase(relay_.clients_, this);
}

void SimulatedConnection::tick(base::Instant /*now*/) {
    if (session_ == 0 && relay_.up_) session_ = ++relay_.sessions_;
}

base::Status SimulatedConnection::publish(broker::Outgoing message) {
    if (session_ == 0) return base::Error{base::Fault::transient, "not connected"};
    return relay_.accept(std::move(message));
}

std::optional<broker::Message> SimulatedConnection::take() {
    if (inbox_.empty()) return std::nullopt;
    auto message = std::move(inbox_.front());
    inbox_.pop_front();
    return message;
}

void LossyBroker::crash() {
    up_ = false;
    lost_ += transit_.size();
    transit_.clear();
    for (auto* client : clients_) client->session_ = 0;
}

base::Status LossyBroker::accept(broker::Outgoing message) {
    if (random_.chance(faults.refuse, 1000)) {
        return base::Error{base::Fault::exhausted, "too much on its way"};
    }
    if (watch) watch(message);
    if (transit_.size() >= kTransitMax || random_.chance(faults.lose, 1000)) {
        ++lost_;
        return base::Done{};
    }
    const bool twice = random_.chance(faults.repeat, 1000);
    if (twice) {
        ++repeated_;
        transit_.push_back(message);
    }
    if (!transit_.empty() && random_.chance(faults.reorder, 1000)) {
        ++reordered_;
        const auto place = random_.below(transit_.size());
        transit_.insert(transit_.begin() + static_cast<std::ptrdiff_t>(place), std::move(message));
    } else {
        transit_.push_back(std::move(message));
    }
    return base::Done{};
}

void LossyBroker::deliver(std::size_t messages_max) {
    for (; messages_max > 0 && !transit_.empty(); --messages_max) {
        deal(transit_.front());
        transit_.pop_front();
    }
}

void LossyBroker::deal(const broker::Outgoing& message) {
    const broker::Message letter{
        .topic = message.topic, .payload = message.payload, .retained = false};
    std::vector<SimulatedConnection*> sharing;
    for (auto* client : clients_) {
        if (client->session_ == 0) continue;
        for (const auto& filter : client->filters_) {
            if (const auto inner = shared_filter(filter); !inner.empty()) {
                if (matches(inner, message.topic)) sharing.push_back(client);
            } else if (matches(filter, message.topic) && client->inbox_.size() < kInboxMax) {
                client->inbox_.push_back(letter);
            }
        }
    }
    if (sharing.empty()) return;
    auto* chosen = sharing[random_.below(sharing.size())];
    if (chosen->inbox_.size() < kInboxMax) {
        chosen->inbox_.push_back(letter);
    } else {
        ++lost_;
    }
}

}  // namespace simulation
