#include "agent/homeassistant/discovery.hpp"

#include "base/log.hpp"

namespace agent {

Discovery::Discovery(DiscoveryOptions options, AnnouncedNode announced,
                     broker::Connection& connection, const Sampler& sampler,
                     base::Counters& counters, std::uint64_t seed)
    : options_(std::move(options)),
      announced_(std::move(announced)),
      connection_(connection),
      sampler_(sampler),
      counters_(counters),
      random_(seed),
      status_topic_(status_topic(options_)) {}

bool Discovery::accept(const broker::Message& message, ServedNode& /*node*/, base::Instant now) {
    if (!options_.discovery || message.topic != status_topic_) return false;
    // Ignores a retained message: every new connection announces the node anyway.
    if (message.retained || message.payload != "online") return true;
    const auto range = static_cast<std::uint64_t>(options_.spread.count()) + 1;
    due_ = now + base::Duration{static_cast<base::Duration::rep>(random_.below(range))};
    return true;
}

void Discovery::tick(ServedNode& /*node*/, base::Instant now) {
    if (!options_.discovery || connection_.session() == 0) return;
    if (!observed_ || now - *observed_ >= options_.check_every) observe_series(now);
    if (due_ && now >= *due_) announce();
}

void Discovery::observe_series(base::Instant now) {
    observed_ = now;
    const auto series = sampler_.shown().size();
    const bool news = connection_.session() != session_ || series != series_;
    if (!news || series == 0) return;
    session_ = connection_.session();
    series_ = series;
    if (!due_) due_ = now + options_.settle;
}

void Discovery::announce() {
    const auto series = sampler_.shown();
    if (series.size() > kAnnouncedSeriesMax) {
        base::log_warn("only some of the series are announced to Home Assistant",
                       {{"series", series.size()}, {"announced", kAnnouncedSeriesMax}});
    }
    const auto sent =
        connection_.publish({.topic = discovery_topic(options_.prefix, announced_.node),
                             .payload = encode_discovery(announced_, series),
                             .qos = 1,
                             .retain = true,
                             .expiry = {}});
    if (!sent) return;  // The next tick tries again.
    due_.reset();
    counters_.counter("leat_agent_announcements_total", "Announcements to Home Assistant.").add();
}

}  // namespace agent
