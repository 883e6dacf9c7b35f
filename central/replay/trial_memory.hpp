#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "central/engine/memory.hpp"

namespace replay {

/// What an engine committed, in memory only. Knows series as they were declared, and nothing that
/// they measured before.
class TrialMemory final : public engine::Memory {
  public:
    explicit TrialMemory(const std::vector<engine::SeriesRow>& declared);

    void commit(engine::Changes changes);

    std::map<engine::WindowKey, engine::WindowRow> windows{};
    std::map<detect::FindingKey, detect::Finding> findings{};

    base::Result<std::optional<engine::NodeRow>> node(const std::string& node) override;
    base::Result<std::vector<engine::SeriesRow>> series(const std::string& node) override;
    base::Result<std::optional<engine::WindowRow>> window(const engine::WindowKey& key) override;
    base::Result<std::optional<base::EventTime>> kept_from(base::Duration span) override;
    base::Result<std::vector<engine::Stretch>> stretches(const std::string& node,
                                                         const std::string& series,
                                                         base::EventTime from,
                                                         base::EventTime to) override;
    base::Result<std::vector<engine::OpenWindow>> open_windows(const std::string& node,
                                                               base::Duration span,
                                                               base::EventTime from,
                                                               std::size_t starts_max) override;
    base::Result<std::optional<detect::Saved>> watch(const std::string& node,
                                                     const std::string& series) override;
    base::Result<std::optional<engine::BootRow>> boot(const std::string& node,
                                                      const std::string& boot) override;
    base::Result<std::vector<engine::UnplacedLine>> placeable(std::size_t lines_max) override;
    base::Result<std::vector<engine::RefusedLine>> refused(std::int64_t after,
                                                           std::size_t lines_max) override;

  private:
    using SeriesKey = std::pair<std::string, std::string>;  // Node and series.

    std::map<std::string, engine::NodeRow> nodes_;
    std::map<SeriesKey, engine::SeriesRow> series_;
    std::map<SeriesKey, detect::Saved> watches_;
};

}  // namespace replay
