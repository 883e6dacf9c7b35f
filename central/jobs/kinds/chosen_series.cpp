#include "central/jobs/kinds/chosen_series.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/settings.hpp"
#include "central/validation/series_rules.hpp"

namespace jobs {

namespace {

/// "; did you mean attic/*?", or nothing when no node is called nearly so.
std::string advice(const std::string& pattern, const std::vector<engine::SeriesRow>& all) {
    const auto slash = std::min(pattern.find('/'), pattern.size());
    std::vector<std::string> nodes;
    for (const auto& row : all) nodes.push_back(row.node);
    const auto near = base::nearest_word(pattern.substr(0, slash), nodes);
    return near ? fmt::format("; did you mean \"{}{}\"?", *near, pattern.substr(slash))
                : std::string{};
}

}  // namespace

base::Result<std::vector<engine::SeriesRow>> chosen_series(sinks::Query& query,
                                                           const std::vector<std::string>& match) {
    auto all = query.series({});
    if (!all) return all;
    std::vector<engine::SeriesRow> chosen;
    for (const auto& row : all.value()) {
        const auto id = row.node + "/" + row.declared.series;
        const bool is_chosen = std::any_of(match.begin(), match.end(), [&](const auto& pattern) {
            return validation::matches(pattern, id);
        });
        if (is_chosen) chosen.push_back(row);
    }
    if (!chosen.empty() || all.value().empty()) return chosen;
    return base::Error{
        base::Fault::misconfigured,
        fmt::format("match: no series is called like \"{}\"{}", fmt::join(match, "\", \""),
                    match.empty() ? std::string{} : advice(match.front(), all.value()))};
}

}  // namespace jobs
