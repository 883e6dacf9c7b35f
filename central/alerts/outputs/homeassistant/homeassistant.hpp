#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/counters.hpp"
#include "broker/connection.hpp"
#include "central/alerts/core/output.hpp"
#include "central/alerts/outputs/homeassistant/attention.hpp"
#include "central/alerts/outputs/retained/retained.hpp"

namespace alerts {

struct HomeAssistantOptions {
    bool is_enabled = false;
    std::string prefix = "homeassistant";
    std::string area;          // "leat/v1/central/house/attention/": of the sensors' states.
    std::string status_topic;  // "leat/v1/central/house/status"
    std::string version;
};

/// `<root>/central/<central>/attention/`
std::string attention_area(const std::string& topic_root, const std::string& central);

/// Shows in Home Assistant for every node, and for the line, whether it needs attention. Removes
/// the sensors of nodes that are not known any more, and all of them when it is switched off.
class HomeAssistant final : public Output {
  public:
    HomeAssistant(HomeAssistantOptions options, broker::Connection& connection,
                  base::Counters& counters);

    std::string_view name() const override { return "homeassistant"; }
    bool is_display() const override { return true; }
    void offer(const Alert& alert) override;
    void tick(base::Instant now) override { retained_.tick(now); }
    std::vector<Delivered> take_delivered() override;
    std::string trouble() const override { return retained_.trouble(); }

    /// A node that there is; may be called again. All that are known from before must be, before
    /// the first message is accepted.
    void know(const std::string& node);

    /// False for a message that does not concern it.
    bool accept(const broker::Message& message);

  private:
    std::string state_topic(const std::string& node) const;
    void show(const std::string& node);
    void remove(const std::string& node);

    HomeAssistantOptions options_;
    Retained retained_;
    std::set<std::string> known_;               // "" is the line.
    std::map<std::string, NodeAlerts> alerts_;  // Of nodes that are forgotten, too, for a while.
    std::vector<Delivered> delivered_;
};

}  // namespace alerts
