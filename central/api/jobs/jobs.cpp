#include "central/api/jobs/jobs.hpp"

#include <algorithm>
#include <utility>

#include "base/json.hpp"
#include "base/text.hpp"
#include "central/api/common/paging.hpp"
#include "central/api/common/problems.hpp"

namespace api {

namespace {

void write_text(base::JsonWriter& json, const char* name, const std::string& text) {
    json.key(name);
    if (text.empty()) {
        json.null();
    } else {
        json.value(text);
    }
}

void write_plan(base::JsonWriter& json, const jobs::Plan& plan, base::EventTime now) {
    json.begin_object().member("job", plan.job).member("kind", plan.kind);
    write_text(json, "every", plan.schedule ? plan.schedule->text() : "");
    json.key("next");
    if (plan.schedule) {
        json.value(base::to_milliseconds(plan.schedule->next_due(now)));
    } else {
        json.null();
    }
    json.end_object();
}

void write_run(base::JsonWriter& json, const jobs::Run& run) {
    json.begin_object().member("id", run.id).member("job", run.job).member("kind", run.kind);
    json.member("status", jobs::to_text(run.status));
    json.member("started", base::to_milliseconds(run.started)).key("ended");
    if (run.ended) {
        json.value(base::to_milliseconds(*run.ended));
    } else {
        json.null();
    }
    json.member("scheduled", run.is_scheduled).member("records", run.records);
    write_text(json, "read", run.read);
    write_text(json, "wrote", run.wrote);
    write_text(json, "error", run.error);
    write_text(json, "remedy", run.remedy);
    json.end_object();
}

}  // namespace

std::vector<http::Parameter> job_parameters() {
    return with_paging({{"job"}});
}

std::variant<std::string, http::Problem> list_runs(const JobFacts& facts,
                                                   const http::Target& target,
                                                   base::EventTime now) {
    auto parsed = parse_page(target);
    if (auto* problem = std::get_if<http::Problem>(&parsed)) return std::move(*problem);
    const auto& [after, limit] = std::get<PageQuestion>(parsed);
    jobs::RunRange range{.job = target.find("job").value_or(""),
                         .runs_max = limit + 1};  // One more shows that there are more.
    if (!after.empty()) {
        range.before = base::parse_number<std::int64_t>(after);
        if (!range.before) {
            return http::bad_parameter("after", "what \"next\" of the answer before was");
        }
    }
    base::Result<std::vector<jobs::Run>> found = std::vector<jobs::Run>{};
    if (facts.journal != nullptr) found = facts.journal->runs(range);
    if (!found) return query_failed(found.error());
    const auto& runs = found.value();
    base::JsonWriter json;
    json.begin_object().member("now", base::to_milliseconds(now)).key("jobs").begin_array();
    for (const auto& plan : facts.plans) {
        if (range.job.empty() || plan.job == range.job) write_plan(json, plan, now);
    }
    json.end_array().key("items").begin_array();
    for (std::size_t i = 0; i < std::min(runs.size(), limit); ++i) write_run(json, runs[i]);
    json.end_array();
    const bool more = runs.size() > limit;
    const auto last = more ? std::to_string(runs[limit - 1].id) : std::string{};
    write_next(json, more ? &last : nullptr);
    json.end_object();
    return json.take();
}

}  // namespace api
