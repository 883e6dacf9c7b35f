#include "delivery/records/condensed_failures.hpp"

#include <utility>

namespace delivery {

/// A longer span, or one that does not divide the new one, stays.
void CondensedFailures::add(const wire::Failed& failed) {
    const auto target = span_of(detail_);
    const auto span = target % failed.span == base::Duration::zero() ? target : failed.span;
    auto& counts = counts_[span];
    for (const auto& column : failed.columns) {
        for (std::size_t i = 0; i < column.dt_ms.size(); ++i) {
            const auto at = failed.at + base::Duration{column.dt_ms[i]};
            counts[{.start = span == failed.span ? at : span_start(at, span),
                    .series = column.series,
                    .reason = column.reason}] += column.counts[i];
        }
    }
}

wire::Failed CondensedFailures::header(base::EventTime at, base::Duration span) const {
    wire::Failed failed{
        .at = at, .clock = clock_.state, .boot = clock_.boot, .span = span, .columns = {}};
    // A span may begin before the boot.
    if (clock_.booted && at >= *clock_.booted) failed.since_boot = at - *clock_.booted;
    return failed;
}

void CondensedFailures::write(std::vector<ThinnedLine>& lines) const {
    Flush flush;
    for (const auto& [span, counts] : counts_) {
        add_failed_lines(
            counts, [&, length = span](base::EventTime at) { return header(at, length); }, flush);
    }
    for (std::size_t i = 0; i < flush.lines.size(); ++i) {
        lines.push_back(
            {.line = std::move(flush.lines[i]), .content = flush.contents[i], .detail = detail_});
    }
}

}  // namespace delivery
