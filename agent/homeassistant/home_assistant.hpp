#pragma once

#include <string>
#include <vector>

#include "wire/record.hpp"
#include "wire/topic.hpp"

namespace agent {

/// Who is announced to Home Assistant, and where it speaks.
struct AnnouncedNode {
    std::string node;
    std::string version;
    wire::Topics topics{};
};

/// More series than this are not announced: the message stays well below what brokers take.
constexpr std::size_t kAnnouncedSeriesMax = 128;

/// `<prefix>/device/leat_<node>/config`
std::string discovery_topic(const std::string& prefix, const std::string& node);

/// Home Assistant's device discovery (2024.11 and later): one device, a component for every series
/// that the state topic has, and what the status topic tells of the node itself.
std::string encode_discovery(const AnnouncedNode& announced,
                             const std::vector<wire::SeriesDeclaration>& series);

}  // namespace agent
