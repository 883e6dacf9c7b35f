#include "agent/node/committer.hpp"

#include <utility>

#include "base/log.hpp"

namespace agent {

using base::Instant;

Committer::Committer(const CommitterOptions& options, Sampler& sampler, delivery::Outbox& outbox,
                     base::Counters& counters, std::uint64_t seed, Instant now)
    : options_(options),
      sampler_(sampler),
      outbox_(outbox),
      counters_(counters),
      backoff_(options.backoff, seed),
      flush_due_(now + options.flush_every),
      urgent_due_(now) {}

void Committer::tick(std::uint64_t settled, Instant now) {
    if (!is_due(now)) return;
    flush_due_ = now + options_.flush_every;
    urgent_due_ = now + options_.urgent_every;
    if (!commit(settled, now)) flush_due_ = now + backoff_.next();
}

/// A held flush is not tried again before its time, however much or how urgent the rest is.
bool Committer::is_due(Instant now) const {
    if (now >= flush_due_) return true;
    if (is_holding()) return false;
    return sampler_.is_full() || (sampler_.is_urgent() && now >= urgent_due_);
}

bool Committer::commit(std::uint64_t settled, Instant now) {
    const bool was_held = is_holding();
    auto flush = was_held ? *std::exchange(held_, std::nullopt) : sampler_.take_flush();
    if (flush.lines.empty() && flush.positions.empty()) return true;
    flush.settled = settled;
    if (!append(std::move(flush), now)) return false;
    // What has waited behind a held flush follows at once.
    if (was_held) flush_due_ = now;
    return true;
}

bool Committer::append(delivery::Flush flush, Instant now) {
    const auto committed = outbox_.append(flush);
    if (committed) {
        backoff_.reset();
        refusal_.clear();
        counters_.counter("leat_agent_commits_total", "Flushes committed to the outbox.").add();
        return true;
    }
    counters_.counter("leat_agent_commit_errors_total", "Flushes that could not be committed.")
        .add();
    if (refusal_.is_due(committed.error().detail, now)) {
        base::log_error("the outbox does not accept records; readings wait in memory",
                        {{"reason", committed.error().detail}, {"lines", flush.lines.size()}});
    }
    held_ = std::move(flush);
    return false;
}

}  // namespace agent
