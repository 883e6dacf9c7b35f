#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/counters.hpp"
#include "broker/connection.hpp"
#include "central/alerts/core/output.hpp"
#include "central/alerts/outputs/retained/retained.hpp"

namespace alerts {

/// `<root>/alert/<central>/`, below which a central's alerts are.
std::string alert_area(const std::string& topic_root, const std::string& central);

/// `<area><node>/<id>`; the node of an alert of the whole line is `-`, which no node is called.
std::string alert_topic(const std::string& area, const Alert& alert);

/// Keeps every alert that is not closed as a retained message at the broker, in the form of
/// write_alert(), and removes those that nobody offers any more.
class Mqtt final : public Output {
  public:
    Mqtt(const std::string& area, broker::Connection& connection, base::Counters& counters);

    std::string_view name() const override { return "mqtt"; }
    bool is_display() const override { return true; }
    void offer(const Alert& alert) override;
    void tick(base::Instant now) override { retained_.tick(now); }
    std::vector<Delivered> take_delivered() override;
    std::string trouble() const override { return retained_.trouble(); }

    /// False for a message that does not concern it.
    bool accept(const broker::Message& message) { return retained_.accept(message); }

  private:
    std::string area_;
    Retained retained_;
    std::map<std::string, Delivered> closing_;  // By topic, until the broker has nothing there.
};

}  // namespace alerts
