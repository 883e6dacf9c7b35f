#include "central/pipeline/meters.hpp"

#include <chrono>

namespace central {

namespace {

constexpr std::size_t kWatermarksMax = 1'000;

}  // namespace

Meters::Meters(base::Counters& counters)
    : holes(counters.counter("leat_central_holes_total",
                             "Times that records of a node were missing in the stream.")),
      rescans(counters.counter("leat_central_rescans_total",
                               "Times that a partition was read again from its beginning.")),
      rewinds(counters.counter("leat_central_rewinds_total",
                               "Times that a node was asked to send again.")),
      forgotten(counters.counter(
          "leat_central_forgotten_records_total",
          "Records acknowledged as applied that this database does not have: it is an older copy "
          "or new.")),
      source_errors(
          counters.counter("leat_central_source_errors_total", "Failed calls to the stream.")),
      sink_errors(counters.counter("leat_central_sink_errors_total", "Failed calls to the sink.")),
      counters_(counters),
      entries_(counters.counter("leat_central_entries_total", "Entries read from the stream.")),
      records_(counters.counter("leat_central_records_total", "Records applied.")),
      readings_(counters.counter("leat_central_readings_total", "Readings counted.")),
      duplicates_(counters.counter("leat_central_duplicates_total",
                                   "Entries that had been applied before.")),
      forked_duplicates_(counters.counter(
          "leat_central_forked_duplicates_total",
          "Records of a new incarnation that had been applied under their old number.")),
      suspects_(
          counters.counter("leat_central_suspect_duplicates_total",
                           "Forked records applied although they may have been applied long ago.")),
      conflicts_(counters.counter(
          "leat_central_conflicts_total",
          "Records under a number that was applied with another content; in quarantine.")),
      late_(counters.counter("leat_central_late_readings_total",
                             "Readings whose window had ended before the watermark.")),
      future_(counters.counter("leat_central_future_readings_total",
                               "Readings too far ahead of their arrival.")),
      coarse_(counters.counter("leat_central_coarse_readings_total",
                               "Readings in partials too long for the smallest windows.")),
      outdated_(counters.counter(
          "leat_central_outdated_readings_total",
          "Readings so old that the smallest windows of their time are no longer kept.")),
      crowded_(counters.counter("leat_central_crowded_hours_total",
                                "Hours of a series with more changes than can be told.")),
      failed_(counters.counter("leat_central_failed_readings_total",
                               "Readings that failed, of every series, counted in its windows.")),
      homeless_(counters.counter("leat_central_homeless_failures_total",
                                 "Readings that failed of sensors of which no series is known: "
                                 "no window can show them.")),
      faults_(counters.counter("leat_central_faults_total",
                               "Failed readings that nodes told in detail.")),
      waiting_(
          counters.counter("leat_central_unplaced_records_total",
                           "Records put aside until a clock record says when their boot was.")),
      placed_(counters.counter("leat_central_placed_records_total",
                               "Records whose time since a boot was turned into UTC.")),
      retaken_(counters.counter("leat_central_retaken_total",
                                "Records that were in quarantine and count now.")),
      lost_(counters.counter("leat_central_lost_records_total",
                             "Records declared gone before central had them.")),
      skipped_(counters.counter("leat_central_skipped_total",
                                "Entries skipped beyond a hole; the node sends them again.")),
      commits_(counters.counter("leat_central_commits_total", "Transactions committed.")),
      rows_(counters.counter("leat_central_rows_total", "Window rows written.")),
      findings_dropped_(counters.counter("leat_central_findings_dropped_total",
                                         "Oldest ended findings dropped: there were too many.")),
      gaps_dropped_(counters.counter("leat_central_gaps_dropped_total",
                                     "Oldest gaps dropped because their node had too many.")),
      statements_dropped_(
          counters.counter("leat_central_statements_dropped_total",
                           "Oldest of where a series was, dropped as there were too many.")) {
    add_reasons(counters);
}

void Meters::add_reasons(base::Counters& counters) {
    for (std::size_t i = 0; i < refused_.size(); ++i) {
        const std::string reason{engine::to_text(static_cast<engine::RefusalKind>(i))};
        refused_.at(i) = &counters.counter("leat_central_quarantined_total",
                                           "Records put into quarantine.", {{"reason", reason}});
        dropped_.emplace(reason, &counters.counter("leat_central_quarantine_dropped_total",
                                                   "Records dropped because quarantine was full.",
                                                   {{"reason", reason}}));
    }
    for (std::size_t i = 0; i < set_aside_.size(); ++i) {
        const auto kind = engine::kind_of(static_cast<validation::Breach>(i));
        set_aside_.at(i) =
            &counters.counter("leat_central_readings_set_aside_total",
                              "Readings that broke a rule of the configuration and do not count.",
                              {{"reason", std::string{engine::to_text(kind)}}});
    }
}

void Meters::Step::add(const engine::Outcome& one) {
    outcome.readings += one.readings;
    outcome.late += one.late;
    outcome.future += one.future;
    outcome.coarse += one.coarse;
    outcome.outdated += one.outdated;
    outcome.crowded += one.crowded;
    outcome.failed += one.failed;
    outcome.homeless += one.homeless;
    outcome.faults += one.faults;
    outcome.waiting += one.waiting;
    outcome.placed += one.placed;
    for (std::size_t i = 0; i < outcome.set_aside.size(); ++i) {
        outcome.set_aside.at(i) += one.set_aside.at(i);
    }
    if (one.refused) ++refused.at(static_cast<std::size_t>(*one.refused));
}

void Meters::add_commit(const Step& step, const sinks::Committed& committed, std::size_t rows) {
    entries_.add(step.entries);
    records_.add(step.records);
    readings_.add(step.outcome.readings);
    duplicates_.add(step.duplicates);
    forked_duplicates_.add(step.forked_duplicates);
    suspects_.add(step.suspects);
    conflicts_.add(step.conflicts);
    late_.add(step.outcome.late);
    future_.add(step.outcome.future);
    coarse_.add(step.outcome.coarse);
    outdated_.add(step.outcome.outdated);
    crowded_.add(step.outcome.crowded);
    failed_.add(step.outcome.failed);
    homeless_.add(step.outcome.homeless);
    faults_.add(step.outcome.faults);
    waiting_.add(step.outcome.waiting);
    placed_.add(step.outcome.placed);
    retaken_.add(step.retaken);
    lost_.add(step.lost);
    skipped_.add(step.skipped);
    commits_.add();
    rows_.add(rows);
    for (const auto& [reason, lines] : committed.quarantine_dropped) {
        const auto counter = dropped_.find(reason);
        if (counter != dropped_.end()) counter->second->add(lines);
    }
    for (std::size_t i = 0; i < set_aside_.size(); ++i) {
        set_aside_.at(i)->add(step.outcome.set_aside.at(i));
    }
    findings_dropped_.add(committed.findings_dropped);
    gaps_dropped_.add(committed.gaps_dropped);
    statements_dropped_.add(committed.statements_dropped);
    for (std::size_t i = 0; i < refused_.size(); ++i) refused_.at(i)->add(step.refused.at(i));
}

void Meters::set_watermark(const std::string& node, base::EventTime at) {
    auto gauge = watermarks_.find(node);
    if (gauge == watermarks_.end()) {
        if (watermarks_.size() >= kWatermarksMax) return;
        gauge = watermarks_
                    .emplace(node, &counters_.gauge(
                                       "leat_central_watermark_seconds",
                                       "Up to when a node's readings count as known, since 1970.",
                                       {{"node", node}}))
                    .first;
    }
    const std::chrono::duration<double> since = at.time_since_epoch();
    gauge->second->set(since.count());
}

}  // namespace central
