#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "central/engine/memory.hpp"

namespace engine_test {

/// Remembers nothing: every node is a new one.
class NoMemory final : public engine::Memory {
  public:
    base::Result<std::optional<engine::NodeRow>> node(const std::string& /*node*/) override {
        return std::optional<engine::NodeRow>{};
    }
    base::Result<std::vector<engine::SeriesRow>> series(const std::string& /*node*/) override {
        return std::vector<engine::SeriesRow>{};
    }
    base::Result<std::optional<engine::WindowRow>> window(
        const engine::WindowKey& /*key*/) override {
        return std::optional<engine::WindowRow>{};
    }
    base::Result<std::optional<base::EventTime>> kept_from(base::Duration /*span*/) override {
        return std::optional<base::EventTime>{};
    }
    base::Result<std::vector<engine::Stretch>> stretches(const std::string& /*node*/,
                                                         const std::string& /*series*/,
                                                         base::EventTime /*from*/,
                                                         base::EventTime /*to*/) override {
        return std::vector<engine::Stretch>{};
    }
    base::Result<std::vector<engine::OpenWindow>> open_windows(
        const std::string& /*node*/, base::Duration /*span*/, base::EventTime /*from*/,
        std::size_t /*starts_max*/) override {
        return std::vector<engine::OpenWindow>{};
    }
    base::Result<std::optional<detect::Saved>> watch(const std::string& /*node*/,
                                                     const std::string& /*series*/) override {
        return std::optional<detect::Saved>{};
    }
    base::Result<std::optional<engine::BootRow>> boot(const std::string& /*node*/,
                                                      const std::string& /*boot*/) override {
        return std::optional<engine::BootRow>{};
    }
    base::Result<std::vector<engine::UnplacedLine>> placeable(std::size_t /*lines_max*/) override {
        return std::vector<engine::UnplacedLine>{};
    }
    base::Result<std::vector<engine::RefusedLine>> refused(std::int64_t /*after*/,
                                                           std::size_t /*lines_max*/) override {
        return std::vector<engine::RefusedLine>{};
    }
};

}  // namespace engine_test
