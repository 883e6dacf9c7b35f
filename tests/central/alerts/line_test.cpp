#include "central/alerts/office/line.hpp"

#include <doctest/doctest.h>

#include "central/alerts/moments.hpp"

using namespace alerts_test;

namespace {

base::Error error(const std::string& detail) {
    return {base::Fault::transient, detail};
}

}  // namespace

TEST_CASE("a job that failed is a warning of its own, since it was seen first") {
    alerts::Line line;
    alerts::LineStatus status;
    CHECK(line.observe(status, after(0s)).empty());
    status.jobs = error("nightly (the disk is full)");
    CHECK(line.observe(status, after(10s)).size() == 1);
    const auto symptoms = line.observe(status, after(20s));
    REQUIRE(symptoms.size() == 1);
    CHECK(symptoms[0].code == "job");
    CHECK(symptoms[0].severity == detect::Severity::warning);
    CHECK(symptoms[0].sentence == "A job failed: nightly (the disk is full)");
    CHECK(symptoms[0].advice.find("leat-central job status") != std::string::npos);
    CHECK(symptoms[0].since == kNoon + 10s);
    status.jobs = base::Done{};
    CHECK(line.observe(status, after(30s)).empty());
    status.jobs = error("again");
    CHECK(line.observe(status, after(40s)).at(0).since == kNoon + 40s);
}

TEST_CASE("a job that failed keeps no node from being heard") {
    alerts::Line line;
    alerts::LineStatus status;
    status.jobs = error("nightly");
    line.observe(status, after(0s));
    CHECK(line.whole_since() == after(0s).instant);
    line.observe(status, after(10s));
    CHECK(line.whole_since() == after(0s).instant);
    status.redis = error("refused");
    CHECK(line.observe(status, after(20s)).size() == 2);
    CHECK_FALSE(line.whole_since());
    status.redis = base::Done{};
    line.observe(status, after(30s));
    CHECK(line.whole_since() == after(30s).instant);
}
