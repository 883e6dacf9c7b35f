#include "central/api/windows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "central/shell/question.hpp"
#include "central/shell/subjects.hpp"
#include "central/shell/table/times.hpp"
#include "central/shell/window_rows.hpp"

namespace shell {

namespace {

/// Where no span is named it is the shortest of which so many fit on a screen.
constexpr const char* kPoints = "15";  // Each is worth four windows.

base::Result<http::Target> target_of(const Question& question) {
    http::Target target{.path = {},
                        .query = {{"series", question.command.option("series")},
                                  {"points", kPoints},
                                  {"quantiles", "p50,p90"}}};
    for (const std::string name : {"from", "to"}) {
        const auto time = time_of(question, name);
        if (!time) return time.error();
        target.query.emplace_back(name, std::to_string(base::to_milliseconds(time.value())));
    }
    const auto& span = question.command.option("span");
    if (!span.empty()) target.query.emplace_back("span", span);
    return target;
}

std::string heading_of(const api::FoundWindows& found) {
    const auto& declared = found.material.series.declared;
    const auto what = declared.quantity.empty()
                          ? std::string{}
                          : fmt::format("{} in {}, ", declared.quantity, declared.unit);
    return fmt::format("{}: {}windows of {}", found.question.series, what,
                       length_text(found.question.span));
}

Table table_of(const api::FoundWindows& found) {
    const auto& declared = found.material.series.declared;
    const auto& asked = found.question;
    Table table{.facts = {{"series", asked.series},
                          {"quantity", declared.quantity},
                          {"unit", declared.unit},
                          {"from", asked.from},
                          {"to", asked.to},
                          {"window_ms", asked.span}},
                .columns = window_columns(),
                .when_empty = asked.series +
                              " has nothing there; leat-central series shows from when to when "
                              "it has readings"};
    table.columns.insert(table.columns.begin(), {.name = "t", .title = "start"});
    return table;
}

}  // namespace

Answer list_windows(const Question& question) {
    const auto limit = parse_limit(question.command.option("limit"), api::kWindowsMax);
    if (!limit) return limit.error();
    const auto series = one_series(question.facts, question.command.option("series"));
    if (!series) return series.error();
    const auto target = target_of(question);
    if (!target) return target.error();
    const auto answer = api::find_windows(question.facts, target.value());
    if (const auto* problem = std::get_if<http::Problem>(&answer)) return error_of(*problem);
    const auto& found = std::get<api::FoundWindows>(answer);
    auto table = table_of(found);
    const auto all = found.windows.size();
    const auto left_off = all - std::min(all, limit.value());
    for (auto i = left_off; i < all; ++i) {
        auto row = window_row(found.windows[i]);
        row.insert(row.begin(), found.windows[i].start);
        table.rows.push_back(std::move(row));
    }
    if (all > 0) table.heading = {heading_of(found)};
    if (left_off > 0) {
        table.remark = fmt::format("the newest {} of {} windows", all - left_off, all);
    }
    return table;
}

}  // namespace shell
