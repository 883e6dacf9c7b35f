#include "agent/node/outbox_watch.hpp"

#include <algorithm>

#include "base/log.hpp"

namespace agent {

bool OutboxWatch::observe(base::Instant now) {
    const auto extent = outbox_.extent();
    const bool is_new = is_new_incarnation(extent);
    if (is_new) redeclared_ = now;
    report_thinned(extent);
    if (!report_evicted(extent)) return is_new;
    if (redeclared_ && now - *redeclared_ < redeclare_every_) return is_new;
    redeclared_ = now;
    return true;
}

bool OutboxWatch::is_new_incarnation(const delivery::Extent& extent) {
    if (extent.incarnation == incarnation_) return false;
    incarnation_ = extent.incarnation;
    return true;
}

void OutboxWatch::report_thinned(const delivery::Extent& extent) {
    if (extent.thinned > thinned_) {
        const auto records = extent.thinned - thinned_;
        counters_
            .counter("leat_agent_thinned_total", "Records that coarser ones took the place of.")
            .add(records);
        base::log_info("the outbox is nearly full: the oldest records were thinned",
                       {{"records", records}});
    }
    thinned_ = extent.thinned;
}

/// Whether any were evicted.
bool OutboxWatch::report_evicted(const delivery::Extent& extent) {
    if (extent.evicted == evicted_) return false;
    const auto records = extent.evicted - std::min(extent.evicted, evicted_);
    evicted_ = extent.evicted;
    counters_.counter("leat_agent_evicted_total", "Records evicted, each within a gap record.")
        .add(records);
    base::log_warn("the outbox is full: the oldest records were evicted, and a gap record says so",
                   {{"records", records}});
    return true;
}

}  // namespace agent
