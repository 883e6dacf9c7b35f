// Goal: the runs of jobs can be had over HTTP, the newest first, page by page.
#include "central/api/jobs/jobs.hpp"

#include <doctest/doctest.h>

namespace {

using namespace std::chrono_literals;

base::EventTime at(base::Duration since) {
    return base::from_milliseconds(1'763'640'000'000) + since;
}

/// Runs that a test writes down, the newest first.
class Written final : public jobs::Journal {
  public:
    base::Result<std::unique_ptr<jobs::Hold>> hold(const std::string&) override {
        return std::unique_ptr<jobs::Hold>{};
    }
    base::Result<std::int64_t> begin(const jobs::Run&) override { return 0; }
    base::Status end(const jobs::Run&) override { return base::Done{}; }
    base::Result<std::uint64_t> close_interrupted(const std::string&, base::EventTime) override {
        return 0;
    }
    base::Result<std::vector<jobs::Run>> runs(const jobs::RunRange& range) override {
        if (is_locked) return base::Error{base::Fault::transient, "locked"};
        std::vector<jobs::Run> found;
        for (const auto& run : all) {
            const bool is_meant = (range.job.empty() || run.job == range.job) &&
                                  (!range.before || run.id < *range.before);
            if (is_meant && found.size() < range.runs_max) found.push_back(run);
        }
        return found;
    }

    std::vector<jobs::Run> all;
    bool is_locked = false;
};

struct World {
    World() {
        journal.all = {{.id = 3, .job = "csv", .kind = "export-csv", .started = at(9s)},
                       {.id = 2,
                        .job = "nightly",
                        .kind = "backup",
                        .status = jobs::RunStatus::failed,
                        .started = at(1s),
                        .ended = at(3s),
                        .is_scheduled = true,
                        .error = "the disk is full",
                        .remedy = "make room"},
                       {.id = 1,
                        .job = "nightly",
                        .kind = "backup",
                        .status = jobs::RunStatus::ok,
                        .started = at(0s),
                        .ended = at(1s),
                        .records = 12,
                        .read = "leat.db",
                        .wrote = "copy.db"}};
    }
    std::string ask(const std::string& query) {
        const auto target = http::parse_target("/api/v1/jobs" + query);
        REQUIRE(target);
        auto answer =
            api::list_runs({.journal = &journal, .plans = plans}, target.value(), at(10s));
        if (const auto* problem = std::get_if<http::Problem>(&answer)) {
            return std::to_string(problem->status) + " " + problem->detail;
        }
        return std::get<std::string>(answer);
    }

    Written journal;
    std::vector<jobs::Plan> plans;
};

}  // namespace

TEST_CASE("runs come newest first, with what they did and what to do") {
    World world;
    CHECK(world.ask("?job=nightly") ==
          R"({"now":1763640010000,"jobs":[],"items":[{"id":2,"job":"nightly","kind":"backup",)"
          R"("status":"failed","started":1763640001000,"ended":1763640003000,"scheduled":true,)"
          R"("records":0,"read":null,"wrote":null,"error":"the disk is full",)"
          R"("remedy":"make room"},{"id":1,"job":"nightly","kind":"backup","status":"ok",)"
          R"("started":1763640000000,"ended":1763640001000,"scheduled":false,"records":12,)"
          R"("read":"leat.db","wrote":"copy.db","error":null,"remedy":null}],"next":null})");
}

TEST_CASE("a job that is configured is told before it ever ran, and when it is due next") {
    World world;
    world.journal.all.clear();
    world.plans = {
        {.job = "nightly", .kind = "backup", .schedule = jobs::Schedule::parse("1h").value()},
        {.job = "proof", .kind = "recount"}};
    // 1763640010 is ten seconds behind noon, UTC.
    const std::string nightly =
        R"({"job":"nightly","kind":"backup","every":"1h","next":1763643600000})";
    const std::string proof = R"({"job":"proof","kind":"recount","every":null,"next":null})";
    const std::string none = R"("items":[],"next":null})";
    CHECK(world.ask("") ==
          R"({"now":1763640010000,"jobs":[)" + nightly + "," + proof + "]," + none);
    CHECK(world.ask("?job=proof") == R"({"now":1763640010000,"jobs":[)" + proof + "]," + none);
}

TEST_CASE("pages follow one another to the end") {
    World world;
    const auto first = world.ask("?limit=2");
    CHECK(first.find(R"("ended":null)") != std::string::npos);
    CHECK(first.ends_with(R"("next":"2"})"));
    const auto second = world.ask("?limit=2&after=2");
    CHECK(second.find(R"("id":1)") != std::string::npos);
    CHECK(second.ends_with(R"("next":null})"));
}

TEST_CASE("a cursor that is none is refused, and a database that is locked is told") {
    World world;
    CHECK(world.ask("?after=x").starts_with("400 "));
    world.journal.is_locked = true;
    CHECK(world.ask("").starts_with("503 "));
}
