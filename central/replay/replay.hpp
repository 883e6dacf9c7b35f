#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "central/engine/engine_options.hpp"
#include "central/replay/difference.hpp"
#include "central/sinks/query.hpp"

namespace replay {

struct Order {
    std::vector<engine::SeriesRow> series;  // Those of one node stand together.
    base::EventTime from;                   // Both are whole hours.
    base::EventTime to;
    std::size_t differences_max = 0;  // Windows listed, and findings; all are counted.
};

/// A series that cannot be made again from single readings, and why.
struct Passed {
    std::string series;
    std::string reason;
};

struct Replayed {
    std::uint64_t readings = 0;         // That were applied.
    std::uint64_t windows = 0;          // Compared.
    std::uint64_t windows_changed = 0;  // Of these.
    std::uint64_t findings_changed = 0;
    std::uint64_t set_aside_before = 0;  // Readings that broke a rule.
    std::uint64_t set_aside_after = 0;
    std::vector<WindowDifference> windows_listed{};
    std::vector<FindingDifference> findings_listed{};
    std::vector<Passed> passed{};
    std::vector<base::Duration> lengths_gone{};  // Of windows that only one side has.
    std::vector<base::Duration> lengths_new{};
};

/// Makes windows and findings of [from, to) from single readings, twice: by the configuration
/// `before` and by `after`; and tells what is different. Writes nothing. Both begin with detectors
/// that know nothing. Windows that reach beyond the range are not compared, nor those of a time of
/// which the readings of the series are not all kept singly. `tell` hears of each node that is
/// done.
base::Result<Replayed> replay(sinks::Query& query, const Order& order,
                              const engine::EngineOptions& before,
                              const engine::EngineOptions& after,
                              const std::function<void(std::size_t series_done)>& tell = {});

}  // namespace replay
