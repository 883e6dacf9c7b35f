#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "central/engine/engine.hpp"
#include "central/replay/history.hpp"
#include "central/replay/trial_memory.hpp"

namespace replay {

/// An engine under one configuration, with nothing before its first record.
class Trial {
  public:
    /// ENSUREs engine::check(options).
    Trial(engine::EngineOptions options, const std::vector<engine::SeriesRow>& declared);

    /// Records of one node, in order.
    base::Status apply(const std::string& node, const std::vector<PastRecord>& records);

    /// The windows that ended by then, which no later record changes; each once.
    std::map<engine::WindowKey, engine::WindowRow> take_windows(base::EventTime end);

    const std::map<detect::FindingKey, detect::Finding>& findings() const {
        return memory_.findings;
    }
    std::uint64_t set_aside() const { return set_aside_; }  // Readings that broke a rule.

  private:
    TrialMemory memory_;
    engine::Engine engine_;
    std::uint64_t seq_ = 0;
    std::uint64_t set_aside_ = 0;
};

}  // namespace replay
