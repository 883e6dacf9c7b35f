#include "central/replay/trial_memory.hpp"

namespace replay {

TrialMemory::TrialMemory(const std::vector<engine::SeriesRow>& declared) {
    for (const auto& row : declared) {
        const SeriesKey key{row.node, row.declared.series};
        series_.emplace(key, engine::SeriesRow{.node = row.node,
                                               .declared = row.declared,
                                               .first_at = {},
                                               .last_at = {},
                                               .periods = row.periods});
    }
}

void TrialMemory::commit(engine::Changes changes) {
    for (auto& [key, row] : changes.windows) windows.insert_or_assign(key, std::move(row));
    for (auto& [key, found] : changes.findings) findings.insert_or_assign(key, std::move(found));
    for (auto& [key, row] : changes.nodes) nodes_.insert_or_assign(key, std::move(row));
    for (auto& [key, row] : changes.series) series_.insert_or_assign(key, std::move(row));
    for (auto& [key, saved] : changes.watches) {
        auto& known = watches_[key];
        known.state = std::move(saved.state);
        if (saved.habits) known.habits = std::move(saved.habits);
    }
}

base::Result<std::optional<engine::NodeRow>> TrialMemory::node(const std::string& node) {
    const auto known = nodes_.find(node);
    return known == nodes_.end() ? std::nullopt : std::optional{known->second};
}

base::Result<std::vector<engine::SeriesRow>> TrialMemory::series(const std::string& node) {
    std::vector<engine::SeriesRow> rows;
    for (const auto& [key, row] : series_) {
        if (key.first == node) rows.push_back(row);
    }
    return rows;
}

base::Result<std::optional<engine::WindowRow>> TrialMemory::window(const engine::WindowKey& key) {
    const auto known = windows.find(key);
    return known == windows.end() ? std::nullopt : std::optional{known->second};
}

base::Result<std::optional<base::EventTime>> TrialMemory::kept_from(base::Duration /*span*/) {
    return std::optional<base::EventTime>{};
}

/// Courses are not compared.
base::Result<std::vector<engine::Stretch>> TrialMemory::stretches(const std::string& /*node*/,
                                                                  const std::string& /*series*/,
                                                                  base::EventTime /*from*/,
                                                                  base::EventTime /*to*/) {
    return std::vector<engine::Stretch>{};
}

base::Result<std::vector<engine::OpenWindow>> TrialMemory::open_windows(
    const std::string& /*node*/, base::Duration /*span*/, base::EventTime /*from*/,
    std::size_t /*starts_max*/) {
    return std::vector<engine::OpenWindow>{};
}

base::Result<std::optional<detect::Saved>> TrialMemory::watch(const std::string& node,
                                                              const std::string& series) {
    const auto known = watches_.find({node, series});
    return known == watches_.end() ? std::nullopt : std::optional{known->second};
}

base::Result<std::optional<engine::BootRow>> TrialMemory::boot(const std::string& /*node*/,
                                                               const std::string& /*boot*/) {
    return std::optional<engine::BootRow>{};
}

base::Result<std::vector<engine::UnplacedLine>> TrialMemory::placeable(std::size_t /*lines_max*/) {
    return std::vector<engine::UnplacedLine>{};
}

base::Result<std::vector<engine::RefusedLine>> TrialMemory::refused(std::int64_t /*after*/,
                                                                    std::size_t /*lines_max*/) {
    return std::vector<engine::RefusedLine>{};
}

}  // namespace replay
