#include "central/alerts/office/line.hpp"

#include <utility>

namespace alerts {

namespace {

constexpr const char* kJob = "job";

struct Part {
    const char* code;
    const base::Status& status;
    const char* meaning;
    const char* advice;
};

std::vector<Part> broken_parts(const LineStatus& line) {
    std::vector<Part> broken;
    if (!line.broker) {
        broken.push_back({"broker", line.broker,
                          "No reading gets to the broker, and the states of the nodes are old",
                          "start it again, or look at the network; leat-central test says what is "
                          "wrong. The nodes keep their readings"});
    }
    if (!line.redis) {
        broken.push_back({"redis", line.redis, "No new reading is counted",
                          "start Redis again; leat-central test says what is wrong. The nodes keep "
                          "their readings"});
    }
    if (!line.bridge && line.broker && line.redis) {
        broken.push_back({"bridge", line.bridge, "No reading gets from the broker to the centre",
                          "systemctl status leat-bridge. The nodes keep their readings"});
    }
    if (!line.database) {
        broken.push_back(
            {"database", line.database, "No new reading is stored",
             "look whether the disk is full or failing, or the database's server away; "
             "leat-central test says what is wrong. The nodes and Redis keep the "
             "readings"});
    }
    return broken;
}

}  // namespace

std::vector<Symptom> Line::observe(const LineStatus& status, Moment now) {
    std::vector<Symptom> symptoms;
    std::map<std::string, base::EventTime> since;
    for (const auto& part : broken_parts(status)) {
        const auto known = broken_since_.find(part.code);
        since[part.code] = known == broken_since_.end() ? now.time : known->second;
        symptoms.push_back(
            {.code = part.code,
             .severity = detect::Severity::critical,
             .sentence = std::string{part.meaning} + ": " + part.status.error().detail,
             .advice = part.advice,
             .since = since[part.code]});
    }
    if (!symptoms.empty()) whole_since_.reset();
    if (symptoms.empty() && !whole_since_) whole_since_ = now.instant;
    if (!status.jobs) {
        const auto known = broken_since_.find(kJob);
        since[kJob] = known == broken_since_.end() ? now.time : known->second;
        symptoms.push_back({.code = kJob,
                            .severity = detect::Severity::warning,
                            .sentence = "A job failed: " + status.jobs.error().detail,
                            .advice = "leat-central job status says what to do; then run it again",
                            .since = since[kJob]});
    }
    broken_since_ = std::move(since);
    return symptoms;
}

}  // namespace alerts
