#include "bench/incidents.hpp"

#include <fmt/format.h>

#include <chrono>

#include "base/ensure.hpp"
#include "central/sinks/alerts/alert_book.hpp"
#include "central/sinks/jobs/job_journal.hpp"

namespace bench {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t kIncidents = 400;
constexpr std::size_t kOpen = 5;
constexpr base::Duration kLength = 20min;

struct Incident {
    std::size_t number = 0;
    base::EventTime at;
    bool is_open = false;
    std::string node;
    std::string series;
};

std::vector<Incident> incidents_of(const Past& past) {
    std::vector<Incident> all;
    const auto every = (past.to - past.from) / static_cast<std::int64_t>(kIncidents);
    for (std::size_t i = 0; i < kIncidents; ++i) {
        const auto& id = past.series.at(i * 7 % past.series.size());
        const auto slash = id.find('/');
        all.push_back({.number = i,
                       .at = past.from + every * static_cast<std::int64_t>(i),
                       .is_open = i + kOpen >= kIncidents,
                       .node = id.substr(0, slash),
                       .series = id.substr(slash + 1)});
    }
    return all;
}

engine::GapRow gap_of(const Incident& incident) {
    const auto from = std::uint64_t{incident.number} * 100 + 1;
    return {.node = incident.node,
            .incarnation = {2},
            .from = from,
            .to = from + 10,
            .reason = incident.number % 2 == 0 ? "lost" : "corrupt",
            .readings = {},
            .first_at = incident.at,
            .last_at = incident.at + kLength};
}

engine::Quarantined refusal_of(const Incident& incident) {
    return {.node = incident.node,
            .incarnation = {2},
            .seq = std::uint64_t{incident.number} * 100 + 20,
            .line = std::string(300, 'x'),
            .reason = "malformed: not JSON",
            .received = incident.at};
}

detect::Finding finding_of(const Incident& incident) {
    detect::Finding finding;
    finding.from = incident.at;
    finding.to = incident.at + kLength;
    if (!incident.is_open) finding.ended = finding.to;
    finding.at = incident.at;
    finding.value = 30;
    finding.sentence = "30 is more than is usual at that hour";
    finding.parameters = {{"usual", 20.0}};
    return finding;
}

alerts::Alert alert_of(const Incident& incident) {
    alerts::Alert alert;
    alert.id = fmt::format("{:016x}", incident.number + 1);
    alert.code = "limit";
    alert.node = incident.node;
    alert.series = incident.series;
    alert.opened = incident.at;
    alert.updated = incident.at;
    alert.sentence = "30 is above the limit of 28";
    if (!incident.is_open) {
        alert.state = alerts::State::closed;
        alert.closed = incident.at + kLength;
    }
    return alert;
}

void add_run(const Incident& incident, jobs::Journal& journal) {
    jobs::Run run;
    run.job = incident.number % 2 == 0 ? "nightly" : "weekly";
    run.kind = "backup";
    run.started = incident.at;
    const auto number = journal.begin(run);
    ENSURE(number);
    run.id = number.value();
    run.status = jobs::RunStatus::ok;
    run.ended = run.started + 1min;
    const auto ended = journal.end(run);
    ENSURE(ended);
}

}  // namespace

void add_incidents(const Past& past, const sinks::Address& address, sinks::DatabaseSink& sink) {
    const auto loaded = sink.load(0, 16);
    ENSURE(loaded);
    sinks::Commit step;
    step.partitions.push_back(loaded.value().state);
    std::vector<alerts::Alert> alerts;
    sinks::JobJournal journal{address};
    for (const auto& incident : incidents_of(past)) {
        step.changes.gaps.push_back(gap_of(incident));
        step.changes.quarantined.push_back(refusal_of(incident));
        const auto finding = finding_of(incident);
        step.changes.findings[{incident.node, incident.series, finding.code, finding.from}] =
            finding;
        alerts.push_back(alert_of(incident));
        add_run(incident, journal);
    }
    const auto committed = sink.commit(step);
    ENSURE(committed);
    sinks::AlertBook book{address};
    const auto saved = book.save(alerts, {});
    ENSURE(saved);
}

}  // namespace bench
