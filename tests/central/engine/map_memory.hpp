#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "central/engine/map_courses.hpp"
#include "central/engine/memory.hpp"

namespace engine_test {

/// What a sink would hold, in maps; accepts changes as a commit does.
class MapMemory final : public engine::Memory {
  public:
    void commit(engine::Changes changes) {
        for (auto& [key, row] : changes.windows) windows[key] = row;
        for (auto& [key, row] : changes.series) all_series[key] = row;
        for (auto& [name, row] : changes.nodes) nodes[name] = row;
        for (auto& gap : changes.gaps) gaps.push_back(gap);
        for (const auto id : changes.retaken) refused_lines.erase(id);
        for (auto& line : changes.quarantined) {
            quarantined.push_back(line);
            const auto id = ++lines;
            if (!line.parts.empty()) refused_lines[id] = line;
        }
        for (auto& [key, finding] : changes.findings) findings[key] = finding;
        for (auto& [key, saved] : changes.watches) {
            auto& known = watches[key];
            known.state = saved.state;
            if (saved.habits) known.habits = saved.habits;
        }
        for (auto& [key, row] : changes.boots) boots[key] = row;
        courses.commit(changes.courses);
        for (const auto id : changes.placed) unplaced.erase(id);
        for (auto& line : changes.unplaced) {
            line.id = ++lines;
            unplaced[line.id] = line;
        }
    }

    base::Result<std::optional<engine::NodeRow>> node(const std::string& name) override {
        ++reads;
        if (failure) return *failure;
        const auto found = nodes.find(name);
        return found == nodes.end() ? std::nullopt : std::optional{found->second};
    }
    base::Result<std::vector<engine::SeriesRow>> series(const std::string& name) override {
        if (failure) return *failure;
        std::vector<engine::SeriesRow> rows;
        for (const auto& [key, row] : all_series) {
            if (key.first == name) rows.push_back(row);
        }
        return rows;
    }
    base::Result<std::optional<engine::WindowRow>> window(const engine::WindowKey& key) override {
        ++reads;
        if (failure) return *failure;
        const auto found = windows.find(key);
        return found == windows.end() ? std::nullopt : std::optional{found->second};
    }

    base::Result<std::optional<base::EventTime>> kept_from(base::Duration span) override {
        if (failure) return *failure;
        const auto horizon = horizons.find(span);
        return horizon == horizons.end() ? std::nullopt : std::optional{horizon->second};
    }

    base::Result<std::vector<engine::Stretch>> stretches(const std::string& name,
                                                         const std::string& series,
                                                         base::EventTime from,
                                                         base::EventTime to) override {
        ++reads;
        if (failure) return *failure;
        return courses.read({name, series}, from, to);
    }
    base::Result<std::vector<engine::OpenWindow>> open_windows(const std::string& name,
                                                               base::Duration span,
                                                               base::EventTime from,
                                                               std::size_t starts_max) override {
        if (failure) return *failure;
        std::vector<engine::OpenWindow> open;
        std::map<std::string, std::size_t> starts;
        for (const auto& [key, row] : windows) {
            if (key.node != name || key.span != span || key.start < from) continue;
            if (starts[key.series]++ < starts_max) open.push_back({key.series, key.start});
        }
        return open;
    }
    base::Result<std::optional<detect::Saved>> watch(const std::string& name,
                                                     const std::string& series) override {
        if (failure) return *failure;
        const auto found = watches.find({name, series});
        return found == watches.end() ? std::nullopt : std::optional{found->second};
    }

    base::Result<std::optional<engine::BootRow>> boot(const std::string& name,
                                                      const std::string& boot) override {
        if (failure) return *failure;
        const auto found = boots.find({name, boot});
        return found == boots.end() ? std::nullopt : std::optional{found->second};
    }
    base::Result<std::vector<engine::UnplacedLine>> placeable(std::size_t lines_max) override {
        ++reads;
        if (failure) return *failure;
        std::vector<engine::UnplacedLine> found;
        for (const auto& [id, line] : unplaced) {
            if (found.size() == lines_max) break;
            if (boots.at({line.node, line.boot}).tie) found.push_back(line);
        }
        return found;
    }

    base::Result<std::vector<engine::RefusedLine>> refused(std::int64_t after,
                                                           std::size_t lines_max) override {
        if (failure) return *failure;
        std::vector<engine::RefusedLine> found;
        for (auto it = refused_lines.upper_bound(after);
             it != refused_lines.end() && found.size() < lines_max; ++it) {
            const auto& line = it->second;
            found.push_back({.id = it->first,
                             .node = line.node,
                             .incarnation = line.incarnation,
                             .seq = line.seq,
                             .received = line.received,
                             .line = line.line,
                             .kind = line.reason.substr(0, line.reason.find(':')),
                             .parts = line.parts});
        }
        return found;
    }

    std::map<engine::WindowKey, engine::WindowRow> windows;
    std::map<base::Duration, base::EventTime> horizons;
    std::map<std::pair<std::string, std::string>, engine::SeriesRow> all_series;
    std::map<std::string, engine::NodeRow> nodes;
    std::vector<engine::GapRow> gaps;
    std::map<detect::FindingKey, detect::Finding> findings;
    std::map<std::pair<std::string, std::string>, detect::Saved> watches;
    MapCourses courses;
    std::vector<engine::Quarantined> quarantined;
    std::map<std::pair<std::string, std::string>, engine::BootRow> boots;
    std::map<std::int64_t, engine::UnplacedLine> unplaced;
    std::map<std::int64_t, engine::Quarantined> refused_lines;  // Of which something may count.
    std::int64_t lines = 0;
    std::optional<base::Error> failure;
    std::size_t reads = 0;
};

}  // namespace engine_test
